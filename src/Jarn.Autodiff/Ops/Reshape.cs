using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>The same values in another shape, in the same memory.</summary>
public sealed class Reshape(Shape shape) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs) => [Tape.View(inputs[0], shape)];

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Reshape(cotangents[0]!, node.Inputs[0].Shape)];
}

/// <summary>
/// The identity in the forward pass; multiplies the cotangent by a factor in the backward pass. With it, one sweep serves networks that weight the
/// same loss differently. It is not a true derivative, so gradient checks fail across it.
/// </summary>
public sealed class ScaleGradient(double factor) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs) => [Tape.View(inputs[0], inputs[0].Shape)];

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) => [tape.Scale(cotangents[0]!, factor)];
}

public static partial class Operations
{
    /// <summary>The same values in another shape with the same number of elements, without a copy.</summary>
    public static Tensor Reshape(this Tape tape, Tensor x, Shape shape) => x.Shape == shape ? x : tape.Apply(new Reshape(shape), x)[0];

    /// <summary>x, with its cotangent multiplied by a factor in the backward pass: see <see cref="Autodiff.ScaleGradient"/>.</summary>
    public static Tensor ScaleGradient(this Tape tape, Tensor x, double factor) => tape.Apply(new ScaleGradient(factor), x)[0];
}
