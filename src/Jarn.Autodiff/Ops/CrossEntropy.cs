using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>(z, y) → ℓ[row] = −Σ y·log softmax(z). It is not differentiable with respect to the labels y.</summary>
public sealed class CrossEntropy(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor loss = tape.Allocate(new Shape(geometry.Rows));
        tape.Device.CrossEntropy(inputs[0].Buffer, inputs[1].Buffer, geometry, loss.Buffer);
        return [loss];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        RefuseLabels(needed);
        return [tape.Apply(new CrossEntropyGradient(geometry), node.Inputs[0], node.Inputs[1], cotangents[0]!)[0], null];
    }

    internal static void RefuseLabels(bool[] needed)
    {
        if (needed[1])
        {
            throw new InvalidOperationException("the cross-entropy's labels are given: it is differentiated in the logits only");
        }
    }
}

/// <summary>
/// (z, y, g) → g(p·Σy − y) with p = softmax(z). Where p is saturated, the result is exactly zero. With cotangent h, that of z is g·Σy·p⊙(h − ⟨p, h⟩),
/// and that of g is ⟨p, h⟩·Σy − ⟨y, h⟩.
/// </summary>
public sealed class CrossEntropyGradient(RowGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor z = tape.Allocate(inputs[0].Shape);
        tape.Device.CrossEntropyGradient(inputs[0].Buffer, inputs[1].Buffer, inputs[2].Buffer, geometry, z.Buffer);
        return [z];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        CrossEntropy.RefuseLabels(needed);
        (Tensor z, Tensor y, Tensor g, Tensor h) = (node.Inputs[0], node.Inputs[1], node.Inputs[2], cotangents[0]!);
        (Tensor p, Tensor labels) = (tape.Softmax(z), tape.SumSamples(y));
        return
        [
            needed[0] ? tape.Multiply(tape.SoftmaxGradient(p, h), tape.Multiply(g, labels), AxisGeometry.Trailing(z.Shape, 1)) : null,
            null,
            needed[2] ? tape.Subtract(tape.Multiply(tape.InnerProducts(p, h), labels), tape.InnerProducts(y, h)) : null,
        ];
    }
}

public static partial class Operations
{
    /// <summary>
    /// The cross-entropy −Σ y·log softmax(z) of each sample: N×k logits and N×k labels (one-hot or soft) → N. The labels can't be differentiated.
    /// </summary>
    public static Tensor CrossEntropy(this Tape tape, Tensor logits, Tensor labels) =>
        tape.Apply(new CrossEntropy(new RowGeometry(logits.Shape[0], logits.Shape[1])), logits, labels)[0];
}
