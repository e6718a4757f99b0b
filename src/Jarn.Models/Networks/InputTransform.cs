using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>What a classifier applies to pixels in [0, 1] before its first layer. Attacks perturb the pixels before this transform.</summary>
/// <param name="Scale">Multiplies the pixels: 1, or 255 for networks that expect pixels from 0 to 255.</param>
/// <param name="CenterAndNormalize">Whether each sample gets zero mean and unit L2 norm.</param>
public readonly record struct InputTransform(double Scale, bool CenterAndNormalize)
{
    /// <summary>The smallest norm that a centred sample is divided by; TensorFlow's bound.</summary>
    public const double SmallestNorm = 1e-6;

    /// <summary>Pixels as they are.</summary>
    public static InputTransform None => new(1, false);

    /// <summary>N×H×W×C pixels → the input of the first layer, of the same shape.</summary>
    public Tensor Apply(Tape tape, Tensor x)
    {
        Tensor scaled = Scale == 1 ? x : tape.Scale(x, Scale);
        return CenterAndNormalize ? tape.CenterAndNormalize(scaled, SmallestNorm) : scaled;
    }
}
