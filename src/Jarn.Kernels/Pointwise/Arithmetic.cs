using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>x + s</summary>
public readonly struct Add : IBinaryFunction
{
    public double Exact(double x, double s) => x + s;

    public float Invoke(float x, float s) => x + s;

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => x + s;
}

/// <summary>x − s</summary>
public readonly struct Subtract : IBinaryFunction
{
    public double Exact(double x, double s) => x - s;

    public float Invoke(float x, float s) => x - s;

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => x - s;
}

/// <summary>x · s</summary>
public readonly struct Multiply : IBinaryFunction
{
    public double Exact(double x, double s) => x * s;

    public float Invoke(float x, float s) => x * s;

    public Vector256<float> Invoke(Vector256<float> x, Vector256<float> s) => x * s;
}

/// <summary>factor · x</summary>
public readonly struct Scale(double factor) : IUnaryFunction
{
    private readonly double _exact = factor;
    private readonly float _factor = (float)factor;

    public double Exact(double x) => _exact * x;

    public float Invoke(float x) => _factor * x;

    public Vector256<float> Invoke(Vector256<float> x) => x * _factor;
}

/// <summary>x + addend</summary>
public readonly struct Offset(double addend) : IUnaryFunction
{
    private readonly double _exact = addend;
    private readonly float _addend = (float)addend;

    public double Exact(double x) => x + _exact;

    public float Invoke(float x) => x + _addend;

    public Vector256<float> Invoke(Vector256<float> x) => x + Vector256.Create(_addend);
}

/// <summary>x²</summary>
public readonly struct Square : IUnaryFunction
{
    public double Exact(double x) => x * x;

    public float Invoke(float x) => x * x;

    public Vector256<float> Invoke(Vector256<float> x) => x * x;
}

/// <summary>1 / x</summary>
public readonly struct Reciprocal : IUnaryFunction
{
    public double Exact(double x) => 1 / x;

    public float Invoke(float x) => 1f / x;

    public Vector256<float> Invoke(Vector256<float> x) => Vector256<float>.One / x;
}

/// <summary>√x</summary>
public readonly struct SquareRoot : IUnaryFunction
{
    public double Exact(double x) => Math.Sqrt(x);

    public float Invoke(float x) => MathF.Sqrt(x);

    public Vector256<float> Invoke(Vector256<float> x) => Vector256.Sqrt(x);
}

/// <summary>1 / √x</summary>
public readonly struct ReciprocalSquareRoot : IUnaryFunction
{
    public double Exact(double x) => 1 / Math.Sqrt(x);

    public float Invoke(float x) => 1f / MathF.Sqrt(x);

    public Vector256<float> Invoke(Vector256<float> x) => Vector256<float>.One / Vector256.Sqrt(x);
}
