using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>
/// y = f(x), stated three times: in double for the reference device (the specification), in float for a GPU's thread, and for the
/// CPU's vectors. A parameter of the function is a field of its struct.
/// </summary>
public interface IUnaryFunction
{
    /// <summary>In double precision.</summary>
    double Exact(double x);

    /// <summary>In single precision.</summary>
    float Invoke(float x);

    /// <summary>The same for eight numbers at once.</summary>
    Vector256<float> Invoke(Vector256<float> x);
}

/// <summary>y = f(x, s), stated as <see cref="IUnaryFunction"/> is.</summary>
public interface IBinaryFunction
{
    /// <summary>In double precision.</summary>
    double Exact(double x, double s);

    /// <summary>In single precision.</summary>
    float Invoke(float x, float s);

    /// <summary>The same for eight numbers at once.</summary>
    Vector256<float> Invoke(Vector256<float> x, Vector256<float> s);
}
