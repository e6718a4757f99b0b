namespace Jarn.Tests.Ptx;

/// <summary>
/// The .approx instructions: the exact value, moved by a part of the error that the PTX ISA permits, which depends on the argument's bits
/// alone. A tolerance that only a better function keeps fails with it; a real GPU is nearer to the truth on most arguments.
/// </summary>
internal static class Approximation
{
    /// <summary>value·(1 + δ), |δ| ≤ 2^exponent</summary>
    public static float Relative(float argument, double value, double exponent) =>
        (float)(double.IsFinite(value) ? value + (value * Math.Pow(2, exponent) * Direction(argument)) : value);

    /// <summary>value + δ, |δ| ≤ 2^exponent</summary>
    public static float Absolute(float argument, double value, double exponent) =>
        (float)(double.IsFinite(value) ? value + (Math.Pow(2, exponent) * Direction(argument)) : value);

    /// <summary>Between −1 and 1; a hash.</summary>
    private static double Direction(float argument)
    {
        uint bits = BitConverter.SingleToUInt32Bits(argument) * 0x9E3779B9;
        return (int)((bits ^ (bits >> 15)) * 0x85EBCA6B) / (double)(1L << 31);
    }
}

/// <summary>Full range, 2^-22.5 relative. Exact where the exact value is 1, zero or infinity.</summary>
internal struct ApproximateExponential2 : IUnary<float, float>
{
    public static float Of(float a) => a == 0 ? 1 : Approximation.Relative(a, Math.Pow(2, a), -22.5);
}

/// <summary>2^-22 absolute between ½ and 2, else 2^-22 relative.</summary>
internal struct ApproximateLogarithm2 : IUnary<float, float>
{
    public static float Of(float a) => a == 1 ? 0
        : a is > 0.5f and < 2 ? Approximation.Absolute(a, Math.Log2(a), -22) : Approximation.Relative(a, Math.Log2(a), -22);
}

/// <summary>2^-20.5 absolute within a period around zero, beyond it as much times the quotient by the period.</summary>
internal struct ApproximateSine : IUnary<float, float>
{
    public static float Of(float a) => a == 0 ? a : Approximation.Absolute(a, Math.Sin(a), ApproximateSine.Exponent(a));

    public static double Exponent(float a) => -20.5 + Math.Max(0, Math.Log2(Math.Abs(a) / Math.PI));
}

/// <inheritdoc cref="ApproximateSine"/>
internal struct ApproximateCosine : IUnary<float, float>
{
    public static float Of(float a) => a == 0 ? 1 : Approximation.Absolute(a, Math.Cos(a), ApproximateSine.Exponent(a));
}

/// <summary>2^-11 relative: not better than that, it is meant for networks.</summary>
internal struct ApproximateTangent : IUnary<float, float>
{
    public static float Of(float a) => a == 0 ? a : Approximation.Relative(a, Math.Tanh(a), -11);
}

/// <summary>To 1 ulp.</summary>
internal struct ApproximateReciprocal : IUnary<float, float>
{
    public static float Of(float a) => Approximation.Relative(a, 1.0 / a, -23);
}

/// <summary>To a relative error of 2^-22.9.</summary>
internal struct ApproximateReciprocalSquareRoot : IUnary<float, float>
{
    public static float Of(float a) => Approximation.Relative(a, 1 / Math.Sqrt(a), -22.9);
}

/// <summary>To a relative error of 2^-23.</summary>
internal struct ApproximateSquareRoot : IUnary<float, float>
{
    public static float Of(float a) => Approximation.Relative(a, Math.Sqrt(a), -23);
}

/// <summary>2 ulp; a quotient by more than 2^126 is a zero with .approx, which must not be relied on.</summary>
internal struct ApproximateDivide : IBinary<float, float, float>
{
    public static float Of(float a, float b) => float.IsFinite(b) && MathF.Abs(b) > 8.507059e37f
        ? MathF.CopySign(float.IsInfinity(a) ? float.NaN : 0, a * b) : ApproximateFullDivide.Of(a, b);
}

/// <summary>2 ulp over the full range: div.full.</summary>
internal struct ApproximateFullDivide : IBinary<float, float, float>
{
    public static float Of(float a, float b) => Approximation.Relative(a + b, (double)a / b, -22);
}
