using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>What stands behind a bias or a batch norm.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>x where x &gt; 0, 0.1·x elsewhere.</summary>
    LeakyRelu,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>x·σ(x): smooth, so that a derivative of a derivative has curvature to go by.</summary>
    Silu,

    /// <summary>log(1 + e^(10x))/10: smooth, and nearly the ReLU (Xie et al. 2020, "Smooth Adversarial Training").</summary>
    Softplus,

    /// <summary>tanh x</summary>
    Tanh,
}

/// <summary>What activations compute.</summary>
public static class Activations
{
    /// <summary>Of <see cref="Activation.LeakyRelu"/> where its argument is negative.</summary>
    public const double LeakySlope = 0.1;

    /// <summary>β of <see cref="Activation.Softplus"/>, log(1 + e^(βx))/β.</summary>
    public const double SoftplusSharpness = 10;

    /// <summary>Those that a classifier can have.</summary>
    public static IReadOnlyList<Activation> OfClassifiers { get; } = [Activation.LeakyRelu, Activation.Relu, Activation.Silu, Activation.Softplus];

    /// <summary>The slope where the argument is negative, of what is linear on both sides of zero with slope 1 on the other; null for the curved ones.</summary>
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

    /// <summary>f(x + s), s a number a channel: in one pass where the derivative can be told from the result.</summary>
    public static Tensor AddThenActivate(this Tape tape, Tensor x, Tensor s, Activation activation)
    {
        AxisGeometry channels = AxisGeometry.Leading(x.Shape, 1);
        return activation switch
        {
            Activation.LeakyRelu or Activation.Relu => tape.AddThenLeakyRelu(x, s, activation.Slope()!.Value, channels),
            Activation.Tanh => tape.AddThenTanh(x, s, channels),
            _ => tape.Activate(tape.Add(x, s, channels), activation),
        };
    }
}
