using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>y[o,i] = Σₐ x[o,a,i]</summary>
public sealed class Sum(AxisGeometry geometry, Shape shape) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(shape);
        tape.Device.Sum(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Broadcast(cotangents[0]!, geometry, node.Inputs[0].Shape)];
}

/// <summary>y[o,a,i] = x[o,i]</summary>
public sealed class Broadcast(AxisGeometry geometry, Shape shape) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(shape);
        tape.Device.Broadcast(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Sum(cotangents[0]!, geometry, node.Inputs[0].Shape)];
}

public static partial class Operations
{
    /// <summary>Sums the geometry's axis; the result has the given shape. With an axis of 1 it is a reshape and copies nothing.</summary>
    public static Tensor Sum(this Tape tape, Tensor x, AxisGeometry geometry, Shape shape) =>
        geometry.Axis == 1 ? tape.Reshape(x, shape) : tape.Apply(new Sum(geometry, shape), x)[0];

    /// <summary>The sum of all elements, a scalar.</summary>
    public static Tensor Sum(this Tape tape, Tensor x) => tape.Sum(x, AxisGeometry.Trailing(x.Shape, 0), Shape.Scalar);

    /// <summary>The mean of all elements, a scalar.</summary>
    public static Tensor Mean(this Tape tape, Tensor x) => tape.Scale(tape.Sum(x), 1.0 / x.Length);

    /// <summary>One sum for each entry of the first dimension.</summary>
    public static Tensor SumSamples(this Tape tape, Tensor x) => tape.Sum(x, AxisGeometry.Trailing(x.Shape, 1), new Shape(x.Shape[0]));

    /// <summary>Repeats x along the geometry's axis; the result has the given shape.</summary>
    public static Tensor Broadcast(this Tape tape, Tensor x, AxisGeometry geometry, Shape shape) =>
        geometry.Axis == 1 ? tape.Reshape(x, shape) : tape.Apply(new Broadcast(geometry, shape), x)[0];
}
