using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>What a classifier does to its pixels in [0, 1] first; attacks work on those pixels, outside.</summary>
/// <param name="Scale">1, or 255 for networks fed with bytes.</param>
/// <param name="CenterAndNormalize">Per-sample zero mean and unit L2 norm.</param>
public readonly record struct InputTransform(double Scale, bool CenterAndNormalize)
{
    /// <summary>A sample whose norm is smaller, once centred, is divided by this: TensorFlow's bound.</summary>
    public const double SmallestNorm = 1e-6;

    /// <summary>Pixels as they are.</summary>
    public static InputTransform None => new(1, false);

    /// <summary>N×H×W×C pixels → what the first layer sees, of the same shape.</summary>
    public Tensor Apply(Tape tape, Tensor x)
    {
        Tensor scaled = Scale == 1 ? x : tape.Scale(x, Scale);
        return CenterAndNormalize ? tape.CenterAndNormalize(scaled, SmallestNorm) : scaled;
    }
}
