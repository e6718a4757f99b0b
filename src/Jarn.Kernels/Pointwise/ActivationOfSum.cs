using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>The leaky ReLU of x + s: a bias and what stands behind it, in one pass.</summary>
public readonly struct LeakyReluOfSum(double slope) : IBinaryFunction
{
    private readonly LeakyRelu _activation = new(slope);

    public double Exact(double x, double s) => _activation.Exact(x + s);

    public float Invoke(float x, float s) => _activation.Invoke(x + s);

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => _activation.Invoke(x + s);
}

/// <summary>tanh(x + s)</summary>
public readonly struct TanhOfSum : IBinaryFunction
{
    public double Exact(double x, double s) => default(HyperbolicTangent).Exact(x + s);

    public float Invoke(float x, float s) => default(HyperbolicTangent).Invoke(x + s);

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => default(HyperbolicTangent).Invoke(x + s);
}

/// <summary>The cotangent s of a result x of tanh, carried to the argument: s(1 − x²), as a product that keeps its digits near ±1.</summary>
public readonly struct TanhGradient : IBinaryFunction
{
    public double Exact(double x, double s) => s * ((1 - x) * (1 + x));

    public float Invoke(float x, float s) => s * ((1f - x) * (1f + x));

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => s * ((Vector256<float>.One - x) * (Vector256<float>.One + x));
}
