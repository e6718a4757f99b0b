using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>Sums over axes, and repetition along them.</summary>
public static partial class Operations
{
    /// <summary>y[o,i] = Σₐ x[o,a,i] in the given shape. With an axis of 1 it is a reshape and copies nothing.</summary>
    public static Tensor Sum(this Tape tape, Tensor x, AxisGeometry geometry, Shape shape) => geometry.Axis == 1
        ? tape.Reshape(x, shape)
        : tape.Apply(new LinearMap("sum", shape, (d, x, y) => d.Sum(x, geometry, y), (d, y, x) => d.Broadcast(y, geometry, x)), x)[0];

    /// <summary>The sum of all elements, a scalar.</summary>
    public static Tensor Sum(this Tape tape, Tensor x) => tape.Sum(x, AxisGeometry.Trailing(x.Shape, 0), Shape.Scalar);

    /// <summary>The mean of all elements, a scalar.</summary>
    public static Tensor Mean(this Tape tape, Tensor x) => tape.Scale(tape.Sum(x), 1.0 / x.Length);

    /// <summary>One sum for each entry of the first dimension.</summary>
    public static Tensor SumSamples(this Tape tape, Tensor x) => tape.Sum(x, AxisGeometry.Trailing(x.Shape, 1), new Shape(x.Shape[0]));

    /// <summary>⟨a, b⟩ for each entry of the first dimension.</summary>
    internal static Tensor InnerProducts(this Tape tape, Tensor a, Tensor b) => tape.SumSamples(tape.Multiply(a, b));

    /// <summary>y[o,a,i] = x[o,i] in the given shape.</summary>
    public static Tensor Broadcast(this Tape tape, Tensor x, AxisGeometry geometry, Shape shape) => geometry.Axis == 1
        ? tape.Reshape(x, shape)
        : tape.Apply(new LinearMap("broadcast", shape, (d, x, y) => d.Broadcast(x, geometry, y), (d, y, x) => d.Sum(y, geometry, x)), x)[0];
}
