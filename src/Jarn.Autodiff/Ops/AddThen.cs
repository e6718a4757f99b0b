using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// An activation of x + s, s a bias mostly, in one pass. The derivative reads the result: neither the sum nor x is kept, and the cotangent of
/// x is one pass again, that of s its sum.
/// </summary>
public static partial class Operations
{
    /// <summary>
    /// x + s where that is positive, slope·(x + s) elsewhere. For a slope ≥ 0 the result is positive just where the sum is, so that its sign tells
    /// the derivative, which at a sum of zero is the slope; with slope 0, the ReLU, every other result is 0 and its derivative too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative: the result's sign would not tell the sum's.</exception>
    public static Tensor AddThenLeakyRelu(this Tape tape, Tensor x, Tensor s, double slope, AxisGeometry? geometry = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slope);
        return tape.AddThen(new AddThenLeakyRelu(slope), x, s, geometry, (t, y, g) => t.MaskCotangent(new LeakyReluGradient(slope), y, g));
    }

    /// <summary>tanh(x + s)</summary>
    public static Tensor AddThenTanh(this Tape tape, Tensor x, Tensor s, AxisGeometry? geometry = null) =>
        tape.AddThen(default(AddThenTanh), x, s, geometry, (t, y, g) => t.TanhGradient(y, g));

    private static Tensor AddThen<TFunction>(
        this Tape tape, TFunction function, Tensor x, Tensor s, AxisGeometry? geometry, Func<Tape, Tensor, Tensor, Tensor> rule)
        where TFunction : unmanaged, IBinaryFunction
    {
        AxisGeometry axes = geometry ?? Elementwise(x, s);
        return tape.Apply(new Zip<TFunction>(function, axes, Saved.Outputs, (t, node, g, needed) =>
        {
            Tensor sum = rule(t, node.Outputs[0], g);
            return (sum, needed[1] ? t.Sum(sum, axes, node.Inputs[1].Shape) : null);
        }), x, s)[0];
    }

    /// <summary>g(1 − y²): with cotangent h, that of y is −2ghy and that of g is h(1 − y²).</summary>
    private static Tensor TanhGradient(this Tape tape, Tensor y, Tensor g) =>
        tape.Apply(new Zip<TanhGradient>(default, Elementwise(y, g), Saved.Inputs, (t, node, h, needed) =>
            (needed[0] ? t.Scale(t.Multiply(t.Multiply(h, node.Inputs[1]), node.Inputs[0]), -2) : null,
            needed[1] ? t.TanhGradient(node.Inputs[0], h) : null)), y, g)[0];
}
