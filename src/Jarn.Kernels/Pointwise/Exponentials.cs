using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>eˣ</summary>
public readonly struct Exponential : IUnaryFunction
{
    public double Exact(double x) => Math.Exp(x);

    public float Invoke(float x) => MathF.Exp(x);

    public Vector256<float> Invoke(Vector256<float> x) => VectorMath.Exp(x);
}

/// <summary>The natural logarithm.</summary>
public readonly struct Logarithm : IUnaryFunction
{
    public double Exact(double x) => Math.Log(x);

    public float Invoke(float x) => MathF.Log(x);

    public Vector256<float> Invoke(Vector256<float> x) => Vector256.Log(x);
}

/// <summary>1 / (1 + e⁻ˣ), with e^−|x| so that nothing overflows.</summary>
public readonly struct Sigmoid : IUnaryFunction
{
    public double Exact(double x) => 1 / (1 + Math.Exp(-x));

    public float Invoke(float x)
    {
        float e = MathF.Exp(-MathF.Abs(x));
        return (x >= 0f ? 1f : e) / (1f + e);
    }

    public Vector256<float> Invoke(Vector256<float> x)
    {
        Vector256<float> e = VectorMath.Exp(-Vector256.Abs(x));
        Vector256<float> isPositive = Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero);
        return Vector256.ConditionalSelect(isPositive, Vector256<float>.One, e) / (Vector256<float>.One + e);
    }
}

/// <summary>x·σ(x), the SiLU; NaN at −∞, as a product of zero and infinity.</summary>
public readonly struct Silu : IUnaryFunction
{
    public double Exact(double x) => x * default(Sigmoid).Exact(x);

    public float Invoke(float x) => x * default(Sigmoid).Invoke(x);

    public Vector256<float> Invoke(Vector256<float> x) => x * default(Sigmoid).Invoke(x);
}

/// <summary>The derivative of x·σ(x): σ(x)(1 + x·σ(−x)), where σ(−x) keeps the digits that 1 − σ(x) loses.</summary>
public readonly struct SiluDerivative : IUnaryFunction
{
    public double Exact(double x) => default(Sigmoid).Exact(x) * (1 + (x * default(Sigmoid).Exact(-x)));

    public float Invoke(float x) => default(Sigmoid).Invoke(x) * (1f + (x * default(Sigmoid).Invoke(-x)));

    public Vector256<float> Invoke(Vector256<float> x) =>
        default(Sigmoid).Invoke(x) * (Vector256<float>.One + (x * default(Sigmoid).Invoke(-x)));
}

/// <summary>
/// log(1 + eˣ) = max(x, 0) + log1p(t) with t = e^−|x|. log1p(t) = 2 artanh(u), u = t/(2+t) ≤ 1/3: seven terms of its series are exact
/// to float32, and keep the relative precision where t is far below one unit in the last place of 1.
/// </summary>
public readonly struct Softplus : IUnaryFunction
{
    public double Exact(double x)
    {
        // Not double.LogP1: it adds 1 first and loses every t below 2⁻⁵³.
        double t = Math.Exp(-Math.Abs(x));
        return Math.Max(x, 0) + (2 * Math.Atanh(t / (2 + t)));
    }

    public float Invoke(float x)
    {
        float t = MathF.Exp(-MathF.Abs(x));
        float u = t / (2f + t);
        float z = u * u;
        float series = 1f + (z * ((1f / 3) + (z * ((1f / 5) + (z * ((1f / 7) + (z * ((1f / 9) + (z * ((1f / 11) + (z * (1f / 13))))))))))));
        return (x > 0f ? x : 0f) + (2f * u * series);
    }

    public Vector256<float> Invoke(Vector256<float> x)
    {
        Vector256<float> t = VectorMath.Exp(-Vector256.Abs(x));
        Vector256<float> u = t / (Vector256.Create(2f) + t);
        Vector256<float> z = u * u;
        Vector256<float> series = Vector256.Create(1f / 13);
        series = (series * z) + Vector256.Create(1f / 11);
        series = (series * z) + Vector256.Create(1f / 9);
        series = (series * z) + Vector256.Create(1f / 7);
        series = (series * z) + Vector256.Create(1f / 5);
        series = (series * z) + Vector256.Create(1f / 3);
        series = (series * z) + Vector256<float>.One;
        return Vector256.Max(x, Vector256<float>.Zero) + (u * series * 2f);
    }
}

/// <summary>
/// tanh x. Near zero Cephes' polynomial (tanhf.c, |x| &lt; 0.625), elsewhere (1−e)/(1+e) with e = e^−2|x|: hardware's tanh.approx is
/// good to eleven bits only.
/// </summary>
public readonly struct HyperbolicTangent : IUnaryFunction
{
    private const float P0 = -5.70498872745e-3f, P1 = 2.06390887954e-2f, P2 = -5.37397155531e-2f, P3 = 1.33314422036e-1f, P4 = -3.33332819422e-1f;
    private const float Crossing = 0.625f;

    public double Exact(double x) => Math.Tanh(x);

    public float Invoke(float x)
    {
        float magnitude = MathF.Abs(x);
        float z = x * x;
        float polynomial = (((((((((P0 * z) + P1) * z) + P2) * z) + P3) * z) + P4) * z * x) + x;
        float e = MathF.Exp(-2f * magnitude);
        float quotient = (1f - e) / (1f + e);
        return magnitude < Crossing ? polynomial : x < 0f ? -quotient : quotient;
    }

    public Vector256<float> Invoke(Vector256<float> x)
    {
        Vector256<float> magnitude = Vector256.Abs(x);
        Vector256<float> z = x * x;
        Vector256<float> polynomial = (z * P0) + Vector256.Create(P1);
        polynomial = (polynomial * z) + Vector256.Create(P2);
        polynomial = (polynomial * z) + Vector256.Create(P3);
        polynomial = (polynomial * z) + Vector256.Create(P4);
        polynomial = (polynomial * z * x) + x;
        Vector256<float> e = VectorMath.Exp(magnitude * -2f);
        Vector256<float> quotient = (Vector256<float>.One - e) / (Vector256<float>.One + e);
        Vector256<float> signed = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), -quotient, quotient);
        return Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(Crossing)), polynomial, signed);
    }
}
