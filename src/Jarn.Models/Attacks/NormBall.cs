using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>All that a threat model leaves to its norm.</summary>
internal abstract class NormBall
{
    /// <summary>As people write the norm.</summary>
    public abstract string Symbol { get; }

    /// <summary>The largest ε that says anything, given pixels in [0, 1].</summary>
    public abstract double LargestRadius { get; }

    /// <summary>Beyond ε: what float32 makes of x′ and of its difference to x.</summary>
    public abstract double Rounding { get; }

    public static NormBall Of(Norm norm) => norm switch
    {
        Norm.LInf => LInfBall.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, "there is no such norm"),
    };

    /// <summary>‖after − before‖ of one image; NaN where a pixel is.</summary>
    public abstract double Distance(ReadOnlySpan<float> before, ReadOnlySpan<float> after);

    /// <summary>Fills δ with uniform noise of the ball.</summary>
    public abstract void Draw(IDevice device, double epsilon, RandomKey key, Tensor noise);

    /// <summary>x′ ← P(x′ + step·the direction of norm 1 that ∇ gains most in), P projecting onto the ball around x and clipping to [0, 1].</summary>
    public abstract void Step(IDevice device, double step, double epsilon, Tensor gradient, Tensor x, Tensor perturbed);
}
