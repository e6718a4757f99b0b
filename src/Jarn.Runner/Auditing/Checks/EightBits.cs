using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Auditing.Checks;

/// <summary>Adversarial examples must stay what they are when they are stored as images of 8 bits: else no file can carry them.</summary>
public sealed class EightBits : IMaskingCheck
{
    /// <summary>Points of a hundred that rounding may give back.</summary>
    private const double Doubtful = 5, Failed = 10;

    public string Name => "eight-bits";

    public CheckResult Examine(AuditEvidence evidence)
    {
        if (evidence.AutoAttack is not AutoAttackResult autoAttack)
        {
            return new CheckResult(Name, Outcome.Skipped, "AutoAttack was not run: there are no images to round", new Dictionary<string, double>());
        }
        float[] rounded = [.. autoAttack.Adversarial.Select(pixel => MathF.Round(pixel * 255) / 255)];
        bool[] right = evidence.Subject.IsRight(rounded);
        double before = autoAttack.Figures[^1].Result.Accuracy, after = 100.0 * right.Count(isRight => isRight) / right.Length;
        string figures = $"AutoAttack leaves {Percent.Of(before)}, and {Percent.Of(after)} once its images are rounded to 8 bits";
        (Outcome outcome, string verdict) = after - before > Failed ? (Outcome.Failed, $"{figures}: it lives on differences that no image file holds")
            : after - before > Doubtful ? (Outcome.Doubtful, figures) : (Outcome.Passed, figures);
        return new CheckResult(Name, outcome, verdict, new Dictionary<string, double> { ["autoattack"] = before, ["autoattack_8_bit"] = after });
    }
}
