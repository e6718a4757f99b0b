using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>p[row,·] = exp x[row,·] / Σ exp x[row,·].</summary>
public sealed class Softmax(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Outputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(inputs[0].Shape);
        tape.Device.Softmax(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.SoftmaxGradient(node.Outputs[0], cotangents[0]!)];
}

/// <summary>
/// (p, g) → p⊙(g − ⟨p, g⟩) along each row, the softmax's symmetric Jacobian times g. With cotangent h, that of g is h's product with the
/// Jacobian, and that of p is h⊙(g − ⟨p, g⟩) − ⟨p, h⟩g.
/// </summary>
public sealed class SoftmaxGradient(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor x = tape.Allocate(inputs[0].Shape);
        tape.Device.SoftmaxGradient(inputs[0].Buffer, inputs[1].Buffer, geometry, x.Buffer);
        return [x];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor p, Tensor g, Tensor h) = (node.Inputs[0], node.Inputs[1], cotangents[0]!);
        AxisGeometry rows = AxisGeometry.Trailing(p.Shape, 1);
        return
        [
            needed[0] ? tape.Subtract(
                tape.Multiply(h, tape.Subtract(g, tape.InnerProducts(p, g), rows)), tape.Multiply(g, tape.InnerProducts(p, h), rows)) : null,
            needed[1] ? tape.SoftmaxGradient(p, h) : null,
        ];
    }
}

public static partial class Operations
{
    /// <summary>Each row of N×k logits as k probabilities.</summary>
    public static Tensor Softmax(this Tape tape, Tensor x) => tape.Apply(new Softmax(new RowGeometry(x.Shape[0], x.Shape[1])), x)[0];

    internal static Tensor SoftmaxGradient(this Tape tape, Tensor p, Tensor g) =>
        tape.Apply(new SoftmaxGradient(new RowGeometry(p.Shape[0], p.Shape[1])), p, g)[0];
}
