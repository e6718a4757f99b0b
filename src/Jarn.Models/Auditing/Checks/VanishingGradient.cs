namespace Jarn.Models;

/// <summary>
/// An attack on the cross-entropy follows its gradient, and where that is zero, or has overflowed, it stands still. In float32 the true class's part
/// of it, p − 1, is zero from a loss of 2⁻²⁵ down.
/// </summary>
public sealed class VanishingGradient : IMaskingCheck
{
    private const double Saturated = 1.0 / (1 << 25);

    /// <summary>Per cent of the images.</summary>
    private const double MostZeros = 1, MostSaturated = 10;

    public string Name => "vanishing-gradient";

    public CheckResult Examine(AuditEvidence evidence)
    {
        InputGradients gradients = evidence.LossGradients;
        int zeros = 0, saturated = 0;
        for (int i = 0; i < gradients.Count; i++)
        {
            zeros += InputGradients.IsUsable(gradients.Of(i)) ? 0 : 1;
            saturated += gradients.Losses[i] < Saturated ? 1 : 0;
        }
        double zero = 100.0 * zeros / gradients.Count, small = 100.0 * saturated / gradients.Count;
        string figures =
            $"{Share.Text(zero)} of the images have a gradient of exactly zero or an infinite one, {Share.Text(small)} a loss too small for float32";
        (CheckOutcome outcome, string verdict) = zero >= MostZeros
            ? (CheckOutcome.Failed, $"{figures}: attacks on the cross-entropy cannot move these images, so surviving them says nothing")
            : small >= MostSaturated ? (CheckOutcome.Doubtful, $"{figures}: on these images, attacks on the cross-entropy follow rounding errors")
            : (CheckOutcome.Passed, figures);
        return new CheckResult(Name, outcome, verdict, new Dictionary<string, double> { ["zero"] = zero, ["saturated"] = small });
    }
}
