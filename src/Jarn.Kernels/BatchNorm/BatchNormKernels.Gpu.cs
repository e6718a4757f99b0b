using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// A thread's walk down four channels of [Samples, Channels], so that what depends on the channel is computed once: Lanes neighbouring
/// fours a group, the groups first along the channels, then along the samples.
/// </summary>
internal readonly record struct ChannelWalk(int Samples, RowsOfFour Rows, int Lanes)
{
    public int Blocks => GpuDevice.DivideUp(Rows.Count, Lanes);

    public int Four => (Grid.IdxX % Blocks * Lanes) + (Group.IdxX % Lanes);

    public int FirstSample => (Grid.IdxX / Blocks * (Group.DimX / Lanes)) + (Group.IdxX / Lanes);

    public long Step => (long)(Grid.DimX / Blocks) * (Group.DimX / Lanes);
}

internal readonly record struct NormalizeArguments(
    ChannelWalk Walk, float Epsilon, LeakyRelu Activation, ArrayView<float> X, ArrayView<float> Gamma, ArrayView<float> Beta,
    ArrayView<Moments> Moments, ArrayView<float> Y, ArrayView<float> Mean, ArrayView<float> ReciprocalDeviation) : IKernelArguments;

internal readonly record struct NormalizeGradientArguments(
    ChannelWalk Walk, GradientTerms Inputs, ArrayView<GradientSums> Sums,
    ArrayView<float> XCotangent, ArrayView<float> GammaCotangent, ArrayView<float> BetaCotangent) : IKernelArguments;

internal readonly record struct NormalizeSecondArguments(
    ChannelWalk Walk, SecondTerms Inputs, ArrayView<float> A, ArrayView<float> B, ArrayView<SecondSums> Sums,
    ArrayView<float> XCotangent, ArrayView<float> GammaCotangent, ArrayView<float> GCotangent) : IKernelArguments;

/// <summary>
/// The last pass of batch norm and of its derivatives, when the sums are there; the formulas stand at the reference device. Here they are in x−μ
/// instead of x̂, with all that depends on the channel alone gathered into a few coefficients.
/// </summary>
internal static class BatchNormKernels
{
    /// <summary>Groups of 256 threads that a multiprocessor holds of each, as their registers permit.</summary>
    public const int NormalizeGroups = 6, NormalizeGradientGroups = 5, NormalizeSecondGroups = 3;

    public static void Normalize<TAccess>(NormalizeArguments p) where TAccess : struct, IAccess
    {
        int four = p.Walk.Four;
        if (four >= p.Walk.Rows.Count)
        {
            return;
        }
        RowsOfFour rows = p.Walk.Rows;
        Moments moments = p.Moments[four];
        Float4 variance = (1f / p.Walk.Samples) * moments.SquaredDeviations;
        Float4 r = Float4.Map(default(ReciprocalSquareRoot), variance + Float4.Of(p.Epsilon));
        FourChannels channels = new(moments.Mean, rows.Load<TAccess>(p.Gamma, 0, four) * r, rows.Load<TAccess>(p.Beta, 0, four));
        if (p.Walk.FirstSample == 0)
        {
            rows.Store<TAccess>(p.Mean, 0, four, moments.Mean);
            rows.Store<TAccess>(p.ReciprocalDeviation, 0, four, r);
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            Float4 centered = rows.Load<TAccess>(p.X, (int)i, four) - channels.Mean;
            rows.Store<TAccess>(p.Y, (int)i, four, Float4.Map(p.Activation, channels.Normalized(centered)));
        }
    }

    /// <summary>x̄ = γr·g − γr·Sg/m − (x−μ)·γr²·Sgx/m</summary>
    public static void NormalizeGradient<TAccess>(NormalizeGradientArguments p) where TAccess : struct, IAccess
    {
        int four = p.Walk.Four;
        if (four >= p.Walk.Rows.Count)
        {
            return;
        }
        RowsOfFour rows = p.Walk.Rows;
        GradientTerms inputs = p.Inputs.Of<TAccess>(0, four);
        GradientSums sums = p.Sums[four];
        float share = 1f / p.Walk.Samples;
        Float4 scale = inputs.Channels.Scale, r = inputs.ReciprocalDeviations<TAccess>(), sgx = r * sums.GX;
        Float4 constant = scale * (share * sums.G), linear = scale * r * (share * sgx);
        if (p.Walk.FirstSample == 0)
        {
            rows.Store<TAccess>(p.GammaCotangent, 0, four, sgx);
            rows.Store<TAccess>(p.BetaCotangent, 0, four, sums.G);
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            Float4 centered = inputs.Centered<TAccess>((int)i), g = inputs.G<TAccess>((int)i, centered);
            rows.Store<TAccess>(p.XCotangent, (int)i, four, (scale * g) - constant - (centered * linear));
        }
    }

    /// <summary>
    /// The cotangent of ȳ is s·[γr·v + (x−μ)·rα + b − γr·Sv/m], since rα = r(a − γr·Svx/m), and that of x
    /// rα·g + rδ·v − r(αSg + δSv)/m − (x−μ)·r²((αSgx + δSvx)/m + γr·Q/m).
    /// </summary>
    public static void NormalizeSecond<TAccess>(NormalizeSecondArguments p) where TAccess : struct, IAccess
    {
        int four = p.Walk.Four;
        if (four >= p.Walk.Rows.Count)
        {
            return;
        }
        RowsOfFour rows = p.Walk.Rows;
        SecondTerms inputs = p.Inputs.Of<TAccess>(0, four);
        SecondSums sums = p.Sums[four];
        float share = 1f / p.Walk.Samples;
        Float4 scale = inputs.Gradient.Channels.Scale, r = inputs.Gradient.ReciprocalDeviations<TAccess>();
        Float4 sgx = r * sums.GX, svx = r * sums.VX;
        Float4 q = sums.VG - (sums.V * (share * sums.G)) - (svx * (share * sgx));
        Float4 alpha = rows.Load<TAccess>(p.A, 0, four) - (scale * (share * svx)), delta = default(Float4) - (scale * (share * sgx));
        Float4 ofG = r * alpha, ofV = r * delta;
        Float4 constant = share * ((ofG * sums.G) + (ofV * sums.V));
        Float4 linear = r * (share * ((ofG * sgx) + (ofV * svx) + (r * scale * q)));
        Float4 constantOfG = rows.Load<TAccess>(p.B, 0, four) - (scale * (share * sums.V));
        if (p.Walk.FirstSample == 0)
        {
            rows.Store<TAccess>(p.GammaCotangent, 0, four, r * q);
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            Float4 v = inputs.Cotangent<TAccess>((int)i), centered = inputs.Gradient.Centered<TAccess>((int)i);
            Float4 g = inputs.Gradient.G<TAccess>((int)i, centered);
            rows.Store<TAccess>(p.GCotangent, (int)i, four, inputs.Gradient.Sloped(centered, (scale * v) + (centered * ofG) + constantOfG));
            rows.Store<TAccess>(p.XCotangent, (int)i, four, (ofG * g) + (ofV * v) - constant - (centered * linear));
        }
    }
}
