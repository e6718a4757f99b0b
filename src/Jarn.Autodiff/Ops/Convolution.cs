using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// C(x, w), the convolution. ⟨C(x, w), g⟩ = ⟨x, I(g, w)⟩ = ⟨w, W(x, g)⟩ is one trilinear form, so <see cref="Convolution"/>, <see
/// cref="ConvolutionInputGradient"/> (I) and
/// <see cref="ConvolutionFilterGradient"/> (W) are each other's derivatives, to every order.
/// </summary>
public sealed class Convolution(ConvolutionGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(geometry.OutputShape);
        tape.Device.Convolution(inputs[0].Buffer, inputs[1].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor x, Tensor w, Tensor g) = (node.Inputs[0], node.Inputs[1], cotangents[0]!);
        return
        [
            needed[0] ? tape.ConvolutionInputGradient(g, w, geometry) : null,
            needed[1] ? tape.ConvolutionFilterGradient(x, g, geometry) : null,
        ];
    }
}

/// <summary>I(g, w): the cotangent of x. With cotangent h, that of g is C(h, w) and that of w is W(h, g).</summary>
public sealed class ConvolutionInputGradient(ConvolutionGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor x = tape.Allocate(geometry.InputShape);
        tape.Device.ConvolutionInputGradient(inputs[0].Buffer, inputs[1].Buffer, geometry, x.Buffer);
        return [x];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor g, Tensor w, Tensor h) = (node.Inputs[0], node.Inputs[1], cotangents[0]!);
        return
        [
            needed[0] ? tape.Convolution(h, w, geometry) : null,
            needed[1] ? tape.ConvolutionFilterGradient(h, g, geometry) : null,
        ];
    }
}

/// <summary>W(x, g): the cotangent of w. With cotangent v, that of x is I(g, v) and that of g is C(x, v).</summary>
public sealed class ConvolutionFilterGradient(ConvolutionGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor w = tape.Allocate(geometry.FilterShape);
        tape.Device.ConvolutionFilterGradient(inputs[0].Buffer, inputs[1].Buffer, geometry, w.Buffer);
        return [w];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor x, Tensor g, Tensor v) = (node.Inputs[0], node.Inputs[1], cotangents[0]!);
        return
        [
            needed[0] ? tape.ConvolutionInputGradient(g, v, geometry) : null,
            needed[1] ? tape.Convolution(x, v, geometry) : null,
        ];
    }
}

public static partial class Operations
{
    /// <summary>The convolution of the input with the filter. A filter of a single weight is computed as a multiplication.</summary>
    public static Tensor Convolution(this Tape tape, Tensor input, Tensor filter, ConvolutionGeometry geometry) =>
        geometry.FilterLength == 1 && geometry == ConvolutionGeometry.Same(geometry.InputShape, geometry.FilterShape, stride: 1)
            ? tape.Multiply(input, filter, new AxisGeometry(1, geometry.InputLength, 1))
            : tape.Apply(new Convolution(geometry), input, filter)[0];

    /// <summary>I(g, w): the cotangent of the convolution's input, of the input's shape, given the cotangent of its output.</summary>
    public static Tensor ConvolutionInputGradient(this Tape tape, Tensor outputCotangent, Tensor filter, ConvolutionGeometry geometry) =>
        tape.Apply(new ConvolutionInputGradient(geometry), outputCotangent, filter)[0];

    /// <summary>W(x, g): the cotangent of the convolution's filter, of the filter's shape, given the cotangent of its output.</summary>
    public static Tensor ConvolutionFilterGradient(this Tape tape, Tensor input, Tensor outputCotangent, ConvolutionGeometry geometry) =>
        tape.Apply(new ConvolutionFilterGradient(geometry), input, outputCotangent)[0];
}
