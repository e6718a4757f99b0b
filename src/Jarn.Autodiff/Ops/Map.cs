using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// y = f(x), elementwise. The rule computes the cotangent of x from the saved value (x for Saved.Inputs, y for Saved.Outputs) and the cotangent of y.
/// A null rule means that the derivative is zero wherever it exists.
/// </summary>
public sealed class Map<TFunction>(TFunction function, Saved saves, Func<Tape, Tensor, Tensor, Tensor>? rule) : Op
    where TFunction : unmanaged, IUnaryFunction
{
    public override Saved Saves => saves;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(inputs[0].Shape);
        tape.Device.Map(function, inputs[0].Buffer, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        Tensor saved = saves == Saved.Outputs ? node.Outputs[0] : node.Inputs[0];
        return [rule?.Invoke(tape, saved, cotangents[0]!)];
    }
}

/// <summary>The elementwise functions and their derivatives.</summary>
public static partial class Operations
{
    /// <summary>factor·x</summary>
    public static Tensor Scale(this Tape tape, Tensor x, double factor) =>
        tape.Apply(new Map<Scale>(new Scale(factor), Saved.None, (t, _, g) => t.Scale(g, factor)), x)[0];

    /// <summary>x + addend</summary>
    public static Tensor Offset(this Tape tape, Tensor x, double addend) =>
        tape.Apply(new Map<Offset>(new Offset(addend), Saved.None, (_, _, g) => g), x)[0];

    /// <summary>x²</summary>
    public static Tensor Square(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Square>(default, Saved.Inputs, (t, x, g) => t.Scale(t.Multiply(g, x), 2)), x)[0];

    /// <summary>1/x</summary>
    public static Tensor Reciprocal(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Reciprocal>(default, Saved.Outputs, (t, y, g) => t.Scale(t.Multiply(g, t.Square(y)), -1)), x)[0];

    /// <summary>√x; its derivative at 0 is infinite.</summary>
    public static Tensor SquareRoot(this Tape tape, Tensor x) =>
        tape.Apply(new Map<SquareRoot>(default, Saved.Outputs, (t, y, g) => t.Scale(t.Multiply(g, t.Reciprocal(y)), 0.5)), x)[0];

    /// <summary>1/√x</summary>
    public static Tensor ReciprocalSquareRoot(this Tape tape, Tensor x) =>
        tape.Apply(
            new Map<ReciprocalSquareRoot>(default, Saved.Outputs, (t, y, g) => t.Scale(t.Multiply(g, t.Multiply(t.Square(y), y)), -0.5)), x)[0];

    /// <summary>eˣ</summary>
    public static Tensor Exp(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Exponential>(default, Saved.Outputs, (t, y, g) => t.Multiply(g, y)), x)[0];

    /// <summary>The natural logarithm.</summary>
    public static Tensor Log(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Logarithm>(default, Saved.Inputs, (t, x, g) => t.Multiply(g, t.Reciprocal(x))), x)[0];

    /// <summary>log(1 + eˣ); log σ(x) is −Softplus(−x).</summary>
    public static Tensor Softplus(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Softplus>(default, Saved.Inputs, (t, x, g) => t.Multiply(g, t.Sigmoid(x))), x)[0];

    /// <summary>σ(x) = 1/(1 + e⁻ˣ)</summary>
    public static Tensor Sigmoid(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Sigmoid>(default, Saved.Outputs, (t, y, g) => t.Multiply(g, t.Subtract(y, t.Square(y)))), x)[0];

    /// <summary>x·σ(x), the SiLU (Elfwing et al. 2018).</summary>
    public static Tensor Silu(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Silu>(default, Saved.Inputs, (t, x, g) => t.Multiply(g, t.SiluDerivative(x))), x)[0];

    /// <summary>tanh x</summary>
    public static Tensor Tanh(this Tape tape, Tensor x) =>
        tape.Apply(new Map<HyperbolicTangent>(default, Saved.Outputs, (t, y, g) => t.TanhGradient(y, g)), x)[0];

    /// <summary>The derivative of x·σ(x), whose own is σ'(x)(2 + x(1 − 2σ(x))) with σ' = σ − σ².</summary>
    private static Tensor SiluDerivative(this Tape tape, Tensor x) => tape.Apply(
        new Map<SiluDerivative>(default, Saved.Inputs, (t, x, g) =>
        {
            Tensor sigmoid = t.Sigmoid(x);
            Tensor factor = t.Offset(t.Multiply(x, t.Offset(t.Scale(sigmoid, -2), 1)), 2);
            return t.Multiply(g, t.Multiply(t.Subtract(sigmoid, t.Square(sigmoid)), factor));
        }), x)[0];

    /// <summary>|x|, whose derivative at 0 is 0.</summary>
    public static Tensor Absolute(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Absolute>(default, Saved.Inputs, (t, x, g) => t.Multiply(g, t.Sign(x))), x)[0];

    /// <summary>1, 0 or −1; its derivative is 0.</summary>
    public static Tensor Sign(this Tape tape, Tensor x) =>
        tape.Apply(new Map<Sign>(default, Saved.None, null), x)[0];

    /// <summary>x where x &gt; 0, slope·x elsewhere; the ReLU has slope 0.</summary>
    public static Tensor LeakyRelu(this Tape tape, Tensor x, double slope) => tape.Apply(
        new Map<LeakyRelu>(new LeakyRelu(slope), Saved.Inputs, (t, x, g) => t.MaskCotangent(new LeakyReluGradient(slope), x, g)), x)[0];

    /// <summary>x limited to [low, high]; the derivative outside is 0.</summary>
    public static Tensor Clamp(this Tape tape, Tensor x, double low, double high) => tape.Apply(
        new Map<Clamp>(new Clamp(low, high), Saved.Inputs, (t, x, g) => t.MaskCotangent(new ClampGradient(low, high), x, g)), x)[0];
}
