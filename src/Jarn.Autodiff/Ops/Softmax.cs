using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>y[row] = log Σ exp x[row,·]; its derivative is the softmax.</summary>
public sealed class LogSumExp(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(new Shape(geometry.Rows));
        tape.Device.LogSumExp(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Multiply(tape.Softmax(node.Inputs[0]), cotangents[0]!, AxisGeometry.Trailing(node.Inputs[0].Shape, 1))];
}

/// <summary>p[row,·] = exp(x[row,·] − LogSumExp(x)[row]); with cotangent g, that of x is p⊙(g − Σ g⊙p).</summary>
public sealed class Softmax(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Outputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(inputs[0].Shape);
        tape.Device.Softmax(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        Tensor p = node.Outputs[0];
        Tensor weighted = tape.Multiply(cotangents[0]!, p);
        return [tape.Subtract(weighted, tape.Multiply(p, tape.SumSamples(weighted), AxisGeometry.Trailing(p.Shape, 1)))];
    }
}

public static partial class Operations
{
    public static Tensor LogSumExp(this Tape tape, Tensor x) => tape.Apply(new LogSumExp(new RowGeometry(x.Shape[0], x.Shape[1])), x)[0];

    public static Tensor Softmax(this Tape tape, Tensor x) => tape.Apply(new Softmax(new RowGeometry(x.Shape[0], x.Shape[1])), x)[0];
}
