using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>x where x &gt; 0, slope · x elsewhere.</summary>
public readonly struct LeakyRelu(double slope) : IUnaryFunction
{
    private readonly double _exact = slope;
    private readonly float _slope = (float)slope;

    public double Exact(double x) => x > 0 ? x : _exact * x;

    public float Invoke(float x) => x > 0f ? x : _slope * x;

    public Vector256<float> Invoke(Vector256<float> x) => Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, x * _slope);
}

/// <summary>The cotangent s where x &gt; 0, slope · s elsewhere.</summary>
public readonly struct LeakyReluGradient(double slope) : IBinaryFunction
{
    private readonly double _exact = slope;
    private readonly float _slope = (float)slope;

    public double Exact(double x, double s) => x > 0 ? s : _exact * s;

    public float Invoke(float x, float s) => x > 0f ? s : _slope * s;

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), s, s * _slope);
}

/// <summary>x, but no less than low and no more than high.</summary>
public readonly struct Clamp(double low, double high) : IUnaryFunction
{
    private readonly double _exactLow = low, _exactHigh = high;
    private readonly float _low = (float)low, _high = (float)high;

    public double Exact(double x) => x < _exactLow ? _exactLow : x > _exactHigh ? _exactHigh : x;

    public float Invoke(float x) => x < _low ? _low : x > _high ? _high : x;

    public Vector256<float> Invoke(Vector256<float> x)
    {
        Vector256<float> low = Vector256.Create(_low), high = Vector256.Create(_high);
        return Vector256.ConditionalSelect(Vector256.LessThan(x, low), low, Vector256.ConditionalSelect(Vector256.GreaterThan(x, high), high, x));
    }
}

/// <summary>The cotangent s where low ≤ x ≤ high, 0 elsewhere.</summary>
public readonly struct ClampGradient(double low, double high) : IBinaryFunction
{
    private readonly double _exactLow = low, _exactHigh = high;
    private readonly float _low = (float)low, _high = (float)high;

    public double Exact(double x, double s) => x >= _exactLow && x <= _exactHigh ? s : 0;

    public float Invoke(float x, float s) => x >= _low && x <= _high ? s : 0f;

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) =>
        s & Vector256.GreaterThanOrEqual(x, Vector256.Create(_low)) & Vector256.LessThanOrEqual(x, Vector256.Create(_high));
}

/// <summary>|x|</summary>
public readonly struct Absolute : IUnaryFunction
{
    public double Exact(double x) => Math.Abs(x);

    public float Invoke(float x) => MathF.Abs(x);

    public Vector256<float> Invoke(Vector256<float> x) => Vector256.Abs(x);
}

/// <summary>−1, 0 or 1; 0 for zero and NaN.</summary>
public readonly struct Sign : IUnaryFunction
{
    public double Exact(double x) => x > 0 ? 1 : x < 0 ? -1 : 0;

    public float Invoke(float x) => x > 0f ? 1f : x < 0f ? -1f : 0f;

    public Vector256<float> Invoke(Vector256<float> x) =>
        (Vector256.GreaterThan(x, Vector256<float>.Zero) & Vector256<float>.One)
        - (Vector256.LessThan(x, Vector256<float>.Zero) & Vector256<float>.One);
}
