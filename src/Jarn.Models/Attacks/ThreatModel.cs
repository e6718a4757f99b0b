using System.Text.Json.Serialization;
using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>What an attacker may make of an image x: any x′ with ‖x′ − x‖ ≤ ε and pixels in [0, 1].</summary>
/// <param name="Norm">Of x′ − x.</param>
/// <param name="Epsilon">ε, in units of the pixel range [0, 1].</param>
public sealed record ThreatModel(Norm Norm, double Epsilon) : SettingsRecord
{
    /// <summary>ε, in units of the pixel range [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, NaN, or larger than the distance of any two images.</exception>
    [Setting("epsilon", "E", "Size of perturbations and noise, such as 0.3 or 8/255.", IsPixelSize = true, Minimum = double.Epsilon, Maximum = 1)]
    public double Epsilon { get; init => field = Valid(Norm, value); } = Valid(Norm, Epsilon);

    /// <summary>ε as people write it: 8/255 and not 0.0314.</summary>
    [JsonIgnore]
    public string Size => PerturbationSize.Text(Epsilon);

    private NormBall Ball => NormBall.Of(Norm);

    /// <summary>The largest change of a pixel is ε.</summary>
    /// <param name="epsilon">In units of the pixel range [0, 1].</param>
    public static ThreatModel LInf(double epsilon) => new(Norm.LInf, epsilon);

    /// <summary>The same norm with share·ε.</summary>
    public ThreatModel Scaled(double share) => this with { Epsilon = share * Epsilon };

    /// <summary>x′ ← clip(x + δ, 0, 1), δ uniform in the ball: the random start of attacks, and the noise that is trained on.</summary>
    /// <param name="device">Where the images are.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="key">The random numbers that δ is drawn from.</param>
    /// <param name="perturbed">Receives x′.</param>
    public void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed)
    {
        Ball.Draw(device, Epsilon, key, perturbed);
        device.Zip(new Add(), perturbed.Buffer, x.Buffer, AxisGeometry.Elementwise(x.Length), perturbed.Buffer);
        device.Map(new Clamp(0, 1), perturbed.Buffer, perturbed.Buffer);
    }

    /// <summary>A projected step of steepest ascent: in L∞, x′ ← clip₀₁(clip(x′ + step·sign ∇, x − ε, x + ε)).</summary>
    /// <param name="device">Where the images are.</param>
    /// <param name="step">Its norm, in units of the pixel range [0, 1].</param>
    /// <param name="gradient">∇ at x′, N×H×W×C.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="perturbed">x′, changed in place.</param>
    public void Step(IDevice device, double step, Tensor gradient, Tensor x, Tensor perturbed) =>
        Ball.Step(device, step, Epsilon, gradient, x, perturbed);

    /// <summary>‖after − before‖ of one image.</summary>
    public double Distance(ReadOnlySpan<float> before, ReadOnlySpan<float> after) => Ball.Distance(before, after);

    /// <summary>Sees to it that one x′ is what the attacker may make of x, but for rounding.</summary>
    /// <param name="attack">Its name, for the message.</param>
    /// <param name="before">The original x, H·W·C pixels.</param>
    /// <param name="after">The perturbed x′, H·W·C pixels.</param>
    /// <exception cref="InvalidOperationException">It is too far away, or a pixel is outside [0, 1] or no number.</exception>
    public void Require(string attack, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        for (int i = 0; i < after.Length; i++)
        {
            if (!(after[i] >= 0 && after[i] <= 1))
            {
                throw new InvalidOperationException($"{attack} left the threat model: it moved a pixel from {before[i]} to {after[i]}");
            }
        }
        double distance = Distance(before, after);
        if (!(distance <= Epsilon + Ball.Rounding))
        {
            throw new InvalidOperationException($"{attack} left the threat model ({this}): it moved an image by {distance}");
        }
    }

    /// <summary>L∞, ε = 8/255</summary>
    public override string ToString() => $"{Ball.Symbol}, ε = {Size}";

    private static double Valid(Norm norm, double epsilon)
    {
        double largest = NormBall.Of(norm).LargestRadius;
        return epsilon >= 0 && epsilon <= largest ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"ε is from 0 to {largest}, in units of the pixel range");
    }
}
