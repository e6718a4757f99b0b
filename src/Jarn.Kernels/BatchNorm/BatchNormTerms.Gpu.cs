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

internal readonly record struct GradientTerms(ArrayView<float> X, ArrayView<float> G, ArrayView<float> Mean, ArrayView<float> ReciprocalDeviation)
    : ITerms<GradientSums>
{
    public GradientSums At(int element, int channel)
    {
        float g = G[element];
        return new GradientSums(g, g * ((X[element] - Mean[channel]) * ReciprocalDeviation[channel]));
    }
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
        GradientSums gradient = Gradient.At(element, channel);
        float v = V[element];
        float xHat = (Gradient.X[element] - Gradient.Mean[channel]) * Gradient.ReciprocalDeviation[channel];
        return new SecondSums(gradient.G, gradient.GX, v, v * xHat, v * Gradient.G[element]);
    }
}
