using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>Functions of vectors where the framework's are not exact where it matters.</summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    /// <summary>ln 2 in two parts, the first with so few bits that its products with whole numbers up to 160 are exact.</summary>
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>
    /// eˣ within two units in the last place: x = n·ln 2 + r, Cephes' polynomial (expf.c) in r, then 2ⁿ in two factors, so that subnormal
    /// results are rounded rather than cut off. e⁰ is exactly 1, and Vector256.Exp's is not: a saturated softmax must reach 1, or a gradient
    /// that float32 should find to be zero is a rounding error that attacks follow.
    /// </summary>
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // Beyond these every result is 0 or ∞; inside, the factors' exponents fit.
        Vector256<float> bounded = Vector256.Max(Vector256.Min(x, Vector256.Create(100f)), Vector256.Create(-110f));
        Vector256<float> n = Vector256.Round(bounded * Log2E);
        Vector256<float> r = bounded - (n * Ln2High) - (n * Ln2Low);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = (p * r) + Vector256.Create(1.3981999507e-3f);
        p = (p * r) + Vector256.Create(8.3334519073e-3f);
        p = (p * r) + Vector256.Create(4.1665795894e-2f);
        p = (p * r) + Vector256.Create(1.6666665459e-1f);
        p = (p * r) + Vector256.Create(5.0000001201e-1f);
        p = (p * r * r) + r + Vector256<float>.One;
        Vector256<int> exponent = Vector256.ConvertToInt32(n), half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    private static Vector256<float> PowerOfTwo(Vector256<int> exponent) => ((exponent + Vector256.Create(127)) << 23).AsSingle();
}
