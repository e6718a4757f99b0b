using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>
/// y = f(x), stated three times: in double for the reference device (the specification), in float for a GPU's thread, and for the
/// CPU's vectors. A parameter of the function is a field of its struct.
/// </summary>
public interface IUnaryFunction
{
    double Exact(double x);

    float Invoke(float x);

    Vector256<float> Invoke(Vector256<float> x);
}

/// <summary>y = f(x, s), stated as <see cref="IUnaryFunction"/> is.</summary>
public interface IBinaryFunction
{
    double Exact(double x, double s);

    float Invoke(float x, float s);

    Vector256<float> Invoke(Vector256<float> x, Vector256<float> s);
}
