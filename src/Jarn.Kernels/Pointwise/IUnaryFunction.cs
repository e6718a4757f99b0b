using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>
/// y = f(x), stated three times: in double for the reference device (the specification), in float for a GPU's thread, and for the
/// CPU's vectors. A parameter of the function is a field of its struct.
/// </summary>
public interface IUnaryFunction
{
    /// <summary>f(x) in double precision, for the reference device.</summary>
    double Exact(double x);

    /// <summary>f(x) in single precision, for a GPU's thread.</summary>
    float Invoke(float x);

    /// <summary>f(x) for eight numbers at once, for the CPU device.</summary>
    Vector256<float> Invoke(Vector256<float> x);
}

/// <summary>y = f(x, s), stated as <see cref="IUnaryFunction"/> is.</summary>
public interface IBinaryFunction
{
    /// <summary>f(x, s) in double precision, for the reference device.</summary>
    double Exact(double x, double s);

    /// <summary>f(x, s) in single precision, for a GPU's thread.</summary>
    float Invoke(float x, float s);

    /// <summary>f(x, s) for eight numbers at once, for the CPU device.</summary>
    Vector256<float> Invoke(Vector256<float> x, Vector256<float> s);
}
