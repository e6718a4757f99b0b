using ILGPU;

namespace Jarn.Kernels;

/// <summary>(x−μ)²</summary>
internal readonly record struct CenteredSquares(ArrayView<float> X, ArrayView<float> Mean) : ITerms<SingleSum>
{
    public SingleSum At(int element, int channel)
    {
        float centered = X[element] - Mean[channel];
        return new SingleSum(centered * centered);
    }
}

/// <summary>Σg and Σg·x̂, for the first derivative.</summary>
internal readonly record struct GradientSums(float G, float GX) : ISums<GradientSums>
{
    public GradientSums Plus(GradientSums other) => new(G + other.G, GX + other.GX);
}

internal readonly record struct GradientTerms(
    ArrayView<float> X, ArrayView<float> OutputCotangent, ArrayView<float> Mean, ArrayView<float> ReciprocalDeviation,
    ArrayView<float> Gamma, ArrayView<float> Beta, float Slope) : ITerms<GradientSums>
{
    public GradientSums At(int element, int channel)
    {
        float xHat = Normalized(element, channel), g = G(element, channel, xHat);
        return new GradientSums(g, g * xHat);
    }

    /// <summary>x̂ = (x−μ)r</summary>
    public float Normalized(int element, int channel) => (X[element] - Mean[channel]) * ReciprocalDeviation[channel];

    /// <summary>What the leaky ReLU behind γx̂ + β leaves of the output's cotangent.</summary>
    public float G(int element, int channel, float xHat) => SlopeAt(channel, xHat) * OutputCotangent[element];

    public float SlopeAt(int channel, float xHat) => (Gamma[channel] * xHat) + Beta[channel] > 0f ? 1f : Slope;
}

/// <summary>Σg, Σg·x̂, Σv, Σv·x̂ and Σv·g, for the second derivative.</summary>
internal readonly record struct SecondSums(float G, float GX, float V, float VX, float VG) : ISums<SecondSums>
{
    public SecondSums Plus(SecondSums other) => new(G + other.G, GX + other.GX, V + other.V, VX + other.VX, VG + other.VG);
}

internal readonly record struct SecondTerms(GradientTerms Gradient, ArrayView<float> V) : ITerms<SecondSums>
{
    public SecondSums At(int element, int channel)
    {
        float v = V[element], xHat = Gradient.Normalized(element, channel), g = Gradient.G(element, channel, xHat);
        return new SecondSums(g, g * xHat, v, v * xHat, v * g);
    }
}
