using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>y[o,a,i] = f(x[o,a,i], s[o,i]); the rule gives the cotangents of x and s.</summary>
public sealed class Zip<TFunction>(
    TFunction function, AxisGeometry geometry, Saved saves, Func<Tape, Node, Tensor, bool[], (Tensor? X, Tensor? S)> rule) : Op
    where TFunction : unmanaged, IBinaryFunction
{
    public override Saved Saves => saves;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(inputs[0].Shape);
        tape.Device.Zip(function, inputs[0].Buffer, inputs[1].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor? x, Tensor? s) = rule(tape, node, cotangents[0]!, needed);
        return [x, s];
    }
}

/// <summary>
/// Functions of two tensors. Without a geometry, both have the same shape. With one, the second is repeated along the geometry's axis.
/// </summary>
public static partial class Operations
{
    /// <summary>x + s</summary>
    public static Tensor Add(this Tape tape, Tensor x, Tensor s, AxisGeometry? geometry = null)
    {
        AxisGeometry axes = geometry ?? Elementwise(x, s);
        return tape.Apply(new Zip<Add>(default, axes, Saved.None, (t, node, g, needed) =>
            (g, needed[1] ? t.Sum(g, axes, node.Inputs[1].Shape) : null)), x, s)[0];
    }

    /// <summary>x − s</summary>
    public static Tensor Subtract(this Tape tape, Tensor x, Tensor s, AxisGeometry? geometry = null)
    {
        AxisGeometry axes = geometry ?? Elementwise(x, s);
        return tape.Apply(new Zip<Subtract>(default, axes, Saved.None, (t, node, g, needed) =>
            (g, needed[1] ? t.Scale(t.Sum(g, axes, node.Inputs[1].Shape), -1) : null)), x, s)[0];
    }

    /// <summary>x·s, elementwise.</summary>
    public static Tensor Multiply(this Tape tape, Tensor x, Tensor s, AxisGeometry? geometry = null)
    {
        AxisGeometry axes = geometry ?? Elementwise(x, s);
        return tape.Apply(new Zip<Multiply>(default, axes, Saved.Inputs, (t, node, g, needed) =>
            (needed[0] ? t.Multiply(g, node.Inputs[1], axes) : null,
            needed[1] ? t.Sum(t.Multiply(g, node.Inputs[0]), axes, node.Inputs[1].Shape) : null)), x, s)[0];
    }

    /// <summary>A piecewise linear function's gradient: linear in the cotangent s, and of no derivative in x.</summary>
    internal static Tensor MaskCotangent<TFunction>(this Tape tape, TFunction function, Tensor x, Tensor s)
        where TFunction : unmanaged, IBinaryFunction =>
        tape.Apply(new Zip<TFunction>(function, Elementwise(x, s), Saved.Inputs, (t, node, h, needed) =>
            (null, needed[1] ? t.MaskCotangent(function, node.Inputs[0], h) : null)), x, s)[0];

    private static AxisGeometry Elementwise(Tensor x, Tensor s) => x.Shape == s.Shape
        ? AxisGeometry.Elementwise(x.Length)
        : throw new ArgumentException($"shapes {x.Shape} and {s.Shape} differ: say along which axis the second is repeated");
}
