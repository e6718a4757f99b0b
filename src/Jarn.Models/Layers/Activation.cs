using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>The activation after a bias or a batch norm.</summary>
public enum Activation
{
    /// <summary>f(x) = x</summary>
    None,

    /// <summary>x where x &gt; 0, 0.1·x elsewhere.</summary>
    LeakyRelu,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>x·σ(x). It is smooth, so its second derivative is informative.</summary>
    Silu,

    /// <summary>log(1 + e^(10x))/10, a smooth approximation of the ReLU (Xie et al. 2020, "Smooth Adversarial Training").</summary>
    Softplus,

    /// <summary>tanh x</summary>
    Tanh,
}

/// <summary>How activations are computed on a tape, and which of them a classifier can have.</summary>
public static class Activations
{
    /// <summary>The slope of <see cref="Activation.LeakyRelu"/> for negative arguments.</summary>
    public const double LeakySlope = 0.1;

    /// <summary>β of <see cref="Activation.Softplus"/>, log(1 + e^(βx))/β.</summary>
    public const double SoftplusSharpness = 10;

    /// <summary>The activations that a classifier can have.</summary>
    public static IReadOnlyList<Activation> OfClassifiers { get; } = [Activation.LeakyRelu, Activation.Relu, Activation.Silu, Activation.Softplus];

    /// <summary>The slope for negative arguments of an activation that is piecewise linear; null for a curved one.</summary>
    public static double? Slope(this Activation activation) => activation switch
    {
        Activation.None => 1,
        Activation.LeakyRelu => LeakySlope,
        Activation.Relu => 0,
        _ => null,
    };

    /// <summary>f(x), of x's shape.</summary>
    public static Tensor Activate(this Tape tape, Tensor x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.Silu => tape.Silu(x),
        Activation.Softplus => tape.Scale(tape.Softplus(tape.Scale(x, SoftplusSharpness)), 1 / SoftplusSharpness),
        Activation.Tanh => tape.Tanh(x),
        _ => tape.LeakyRelu(x, activation.Slope()!.Value),
    };

    /// <summary>f(x + s) for one number s per channel. It takes one pass if the derivative can be computed from the result.</summary>
    public static Tensor ActivationOfSum(this Tape tape, Tensor x, Tensor s, Activation activation)
    {
        AxisGeometry channels = AxisGeometry.Leading(x.Shape, 1);
        return activation switch
        {
            Activation.LeakyRelu or Activation.Relu => tape.LeakyReluOfSum(x, s, activation.Slope()!.Value, channels),
            Activation.Tanh => tape.TanhOfSum(x, s, channels),
            _ => tape.Activate(tape.Add(x, s, channels), activation),
        };
    }
}
