using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// A thread's walk down one channel of [Samples, Channels], so that what depends on the channel is computed once: Lanes neighbouring
/// channels a group, the groups first along the channels, then along the samples.
/// </summary>
internal readonly record struct ChannelWalk(int Samples, int Channels, int Lanes)
{
    public int Blocks => GpuDevice.DivideUp(Channels, Lanes);

    public int Channel => (Grid.IdxX % Blocks * Lanes) + (Group.IdxX % Lanes);

    public int FirstSample => (Grid.IdxX / Blocks * (Group.DimX / Lanes)) + (Group.IdxX / Lanes);

    public long Step => (long)(Grid.DimX / Blocks) * (Group.DimX / Lanes);
}

internal readonly record struct NormalizeArguments(
    ChannelWalk Walk, float Epsilon, float Slope, ArrayView<float> X, ArrayView<float> Gamma, ArrayView<float> Beta, ArrayView<float> Mean,
    ArrayView<float> Squares, ArrayView<float> Y, ArrayView<float> ReciprocalDeviation) : IKernelArguments;

internal readonly record struct NormalizeGradientArguments(
    ChannelWalk Walk, GradientTerms Inputs, ArrayView<GradientSums> Sums,
    ArrayView<float> XCotangent, ArrayView<float> GammaCotangent, ArrayView<float> BetaCotangent) : IKernelArguments;

internal readonly record struct NormalizeSecondArguments(
    ChannelWalk Walk, SecondTerms Inputs, ArrayView<float> A, ArrayView<float> B, ArrayView<SecondSums> Sums,
    ArrayView<float> XCotangent, ArrayView<float> GammaCotangent, ArrayView<float> GCotangent) : IKernelArguments;

/// <summary>The last pass of batch norm and of its derivatives, when the sums are there; the formulas stand at the reference device.</summary>
internal static class BatchNormKernels
{
    public static void Normalize(NormalizeArguments p)
    {
        int c = p.Walk.Channel;
        if (c >= p.Walk.Channels)
        {
            return;
        }
        float mu = p.Mean[c], r = 1f / MathF.Sqrt((p.Squares[c] / p.Walk.Samples) + p.Epsilon);
        float scale = p.Gamma[c] * r, beta = p.Beta[c];
        if (p.Walk.FirstSample == 0)
        {
            p.ReciprocalDeviation[c] = r;
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            long at = (i * p.Walk.Channels) + c;
            float z = ((p.X[at] - mu) * scale) + beta;
            p.Y[at] = z > 0f ? z : p.Slope * z;
        }
    }

    public static void NormalizeGradient(NormalizeGradientArguments p)
    {
        int c = p.Walk.Channel;
        if (c >= p.Walk.Channels)
        {
            return;
        }
        GradientSums sums = p.Sums[c];
        float scale = p.Inputs.Gamma[c] * p.Inputs.ReciprocalDeviation[c];
        float meanG = sums.G / p.Walk.Samples, meanGX = sums.GX / p.Walk.Samples;
        if (p.Walk.FirstSample == 0)
        {
            p.GammaCotangent[c] = sums.GX;
            p.BetaCotangent[c] = sums.G;
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            int at = (int)((i * p.Walk.Channels) + c);
            float xHat = p.Inputs.Normalized(at, c);
            p.XCotangent[at] = scale * (p.Inputs.G(at, c, xHat) - meanG - (xHat * meanGX));
        }
    }

    public static void NormalizeSecond(NormalizeSecondArguments p)
    {
        int c = p.Walk.Channel;
        if (c >= p.Walk.Channels)
        {
            return;
        }
        SecondSums sums = p.Sums[c];
        float samples = p.Walk.Samples;
        float r = p.Inputs.Gradient.ReciprocalDeviation[c], scale = p.Inputs.Gradient.Gamma[c] * r;
        float a = p.A[c], b = p.B[c];
        float meanV = sums.V / samples, meanVX = sums.VX / samples;
        float q = sums.VG - (sums.V * (sums.G / samples)) - (sums.VX * (sums.GX / samples));
        float alpha = a - (scale * meanVX), delta = -scale * (sums.GX / samples);
        float constant = ((alpha * sums.G) + (delta * sums.V)) / samples;
        float linear = ((alpha * sums.GX) + (delta * sums.VX) + (scale * q)) / samples;
        if (p.Walk.FirstSample == 0)
        {
            p.GammaCotangent[c] = r * q;
        }
        for (long i = p.Walk.FirstSample; i < p.Walk.Samples; i += p.Walk.Step)
        {
            int at = (int)((i * p.Walk.Channels) + c);
            float xHat = p.Inputs.Gradient.Normalized(at, c), s = p.Inputs.Gradient.SlopeAt(c, xHat), v = p.Inputs.V[at];
            float g = s * p.Inputs.Gradient.OutputCotangent[at];
            p.GCotangent[at] = s * ((scale * (v - meanV - (xHat * meanVX))) + (a * xHat) + b);
            p.XCotangent[at] = r * ((alpha * g) + (delta * v) - constant - (xHat * linear));
        }
    }
}
