using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>(z, y) → ℓ[row] = −Σ y·log softmax(z). The labels y are given: they have no derivative.</summary>
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
/// (z, y, g) → g(p·Σy − y) with p = softmax(z); a saturated p leaves exactly zero. With cotangent h, that of z is g·Σy·p⊙(h − ⟨p, h⟩), and
/// that of g is ⟨p, h⟩·Σy − ⟨y, h⟩.
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
    /// <summary>Per sample −Σ y·log softmax(z): N×k logits and as many labels, one-hot or soft → N. The labels have no derivative.</summary>
    public static Tensor CrossEntropy(this Tape tape, Tensor logits, Tensor labels) =>
        tape.Apply(new CrossEntropy(new RowGeometry(logits.Shape[0], logits.Shape[1])), logits, labels)[0];
}
