using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// The number of samples, their mean and the sum of their squared deviations from it, of four channels: in one pass, and as exact where the mean
/// dwarfs the deviations.
/// </summary>
internal readonly record struct Moments(float Count, Float4 Mean, Float4 SquaredDeviations) : ISums<Moments>
{
    /// <summary>
    /// Of both sets together (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
    /// </summary>
    public Moments Plus(Moments other)
    {
        float count = Count + other.Count;
        float share = count > 0f ? other.Count / count : 0f;
        Float4 distance = other.Mean - Mean, step = share * distance;
        return new Moments(count, Mean + step, SquaredDeviations + other.SquaredDeviations + (Count * distance * step));
    }
}

internal readonly record struct MomentTerms(ArrayView<float> X, RowsOfFour Rows, int Four = 0) : ITerms<MomentTerms, Moments>
{
    public MomentTerms Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess => this with { Four = inner };

    public Moments At<TAccess>(int along) where TAccess : struct, IAccess => new(1f, Rows.Load<TAccess>(X, along, Four), default);
}

/// <summary>
/// Four channels and what they share, formed once: z = (x−μ)·γr + β, whose sign decides on the slope of the leaky ReLU behind it, here as in
/// the forward pass.
/// </summary>
internal readonly record struct FourChannels(Float4 Mean, Float4 Scale, Float4 Beta)
{
    public Float4 Normalized(Float4 centered) => (centered * Scale) + Beta;
}

/// <summary>Σg and Σg·(x−μ), for the first derivative.</summary>
internal readonly record struct GradientSums(Float4 G, Float4 GX) : ISums<GradientSums>
{
    public GradientSums Plus(GradientSums other) => new(G + other.G, GX + other.GX);
}

/// <summary>The inputs of the first derivative; g is what the leaky ReLU leaves of the output's cotangent.</summary>
internal readonly record struct GradientTerms(
    RowsOfFour Rows, ArrayView<float> X, ArrayView<float> OutputCotangent, ArrayView<float> Mean, ArrayView<float> ReciprocalDeviation,
    ArrayView<float> Gamma, ArrayView<float> Beta, LeakyReluGradient Slope, int Four = 0, FourChannels Channels = default)
    : ITerms<GradientTerms, GradientSums>
{
    public Float4 ReciprocalDeviations<TAccess>() where TAccess : struct, IAccess => Rows.Load<TAccess>(ReciprocalDeviation, 0, Four);

    public GradientTerms Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess => this with
    {
        Four = inner,
        Channels = new FourChannels(
            Rows.Load<TAccess>(Mean, 0, inner),
            Rows.Load<TAccess>(Gamma, 0, inner) * Rows.Load<TAccess>(ReciprocalDeviation, 0, inner),
            Rows.Load<TAccess>(Beta, 0, inner)),
    };

    public GradientSums At<TAccess>(int along) where TAccess : struct, IAccess
    {
        Float4 centered = Centered<TAccess>(along), g = G<TAccess>(along, centered);
        return new GradientSums(g, g * centered);
    }

    public Float4 Centered<TAccess>(int sample) where TAccess : struct, IAccess => Rows.Load<TAccess>(X, sample, Four) - Channels.Mean;

    public Float4 G<TAccess>(int sample, Float4 centered) where TAccess : struct, IAccess =>
        Sloped(centered, Rows.Load<TAccess>(OutputCotangent, sample, Four));

    /// <summary>The cotangent of z, y's given.</summary>
    public Float4 Sloped(Float4 centered, Float4 cotangent) => Float4.Zip(Slope, Channels.Normalized(centered), cotangent);
}

/// <summary>Σg, Σg·(x−μ), Σv, Σv·(x−μ) and Σv·g, for the second derivative.</summary>
internal readonly record struct SecondSums(Float4 G, Float4 GX, Float4 V, Float4 VX, Float4 VG) : ISums<SecondSums>
{
    public SecondSums Plus(SecondSums other) => new(G + other.G, GX + other.GX, V + other.V, VX + other.VX, VG + other.VG);
}

internal readonly record struct SecondTerms(GradientTerms Gradient, ArrayView<float> V) : ITerms<SecondTerms, SecondSums>
{
    public SecondTerms Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess =>
        this with { Gradient = Gradient.Of<TAccess>(outer, inner) };

    public SecondSums At<TAccess>(int along) where TAccess : struct, IAccess
    {
        Float4 v = Cotangent<TAccess>(along), centered = Gradient.Centered<TAccess>(along), g = Gradient.G<TAccess>(along, centered);
        return new SecondSums(g, g * centered, v, v * centered, v * g);
    }

    public Float4 Cotangent<TAccess>(int sample) where TAccess : struct, IAccess => Gradient.Rows.Load<TAccess>(V, sample, Gradient.Four);
}
