using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// Activations of x + s in one pass, where s is usually a bias. The derivative is computed from the result, so neither x nor the sum is kept. The
/// cotangent of x takes one pass; the cotangent of s is its sum.
/// </summary>
public static partial class Operations
{
    /// <summary>
    /// x + s where that is positive, slope·(x + s) elsewhere; a slope of 0 is the ReLU. Because the slope is not negative, the result has the sign of
    /// the sum, and the derivative is computed from it. At a sum of zero the derivative is the slope.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative.</exception>
    public static Tensor LeakyReluOfSum(this Tape tape, Tensor x, Tensor s, double slope, AxisGeometry? geometry = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slope);
        return tape.ActivationOfSum(new LeakyReluOfSum(slope), x, s, geometry, (t, y, g) => t.MaskCotangent(new LeakyReluGradient(slope), y, g));
    }

    /// <summary>tanh(x + s)</summary>
    public static Tensor TanhOfSum(this Tape tape, Tensor x, Tensor s, AxisGeometry? geometry = null) =>
        tape.ActivationOfSum(default(TanhOfSum), x, s, geometry, (t, y, g) => t.TanhGradient(y, g));

    private static Tensor ActivationOfSum<TFunction>(
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
