namespace Jarn.Runner.Auditing;

/// <summary>What an audit comes to, in a word, two sentences and a colour.</summary>
/// <param name="Outcome">
/// Failed where nothing is left or the figure can't be trusted, doubtful where it is to be taken with care, passed where something is left and every check passed.
/// </param>
/// <param name="Headline">Not robust, or how robust.</param>
/// <param name="Text">What AutoAttack leaves, and whether the measurement is sound.</param>
public sealed record AuditVerdict(Outcome Outcome, string Headline, string Text)
{
    /// <summary>Per cent of the images; with less left there is no robustness to speak of.</summary>
    private const double Nothing = 1;

    public static AuditVerdict Of(AuditResults audit)
    {
        IReadOnlyList<CheckResult> checks = audit.Findings.Checks;
        string[] failed = Named(Outcome.Failed), doubtful = Named(Outcome.Doubtful);
        int passed = checks.Count(check => check.Outcome == Outcome.Passed);
        if (audit.AutoAttack is not Rung left)
        {
            return new AuditVerdict(
                Outcome.Failed, "Cannot be judged", "What the classifier says of an image depends on the other images of its batch, so AutoAttack was not run.");
        }
        bool isRobust = left.Accuracy >= Nothing;
        string soundness = failed.Length > 0 && isRobust
            ? $"This figure cannot be trusted: {Count(failed)} failed ({string.Join(", ", failed)})."
            : failed.Length > 0 ? $"Figures under weaker attacks are misleading: {Count(failed)} failed ({string.Join(", ", failed)})."
            : doubtful.Length > 0 ? $"Take the figures with care: {(doubtful.Length == 1 ? "1 check is" : $"{doubtful.Length} checks are")} doubtful ({string.Join(", ", doubtful)})."
            : audit.Examples < Auditor.FewestImages
            ? $"Whether the measurement is sound was not checked: that takes at least {Auditor.FewestImages} images."
            : passed == checks.Count ? $"The measurement looks sound: all {checks.Count} checks passed."
            : $"{passed} of {checks.Count} checks passed, and the others were skipped.";
        Outcome outcome = !isRobust || failed.Length > 0 ? Outcome.Failed : passed == checks.Count ? Outcome.Passed : Outcome.Doubtful;
        return new AuditVerdict(outcome, isRobust ? $"{Percent.Of(left.Accuracy)} robust" : "Not robust", $"{Left(audit, left)} {soundness}");

        string[] Named(Outcome outcome) => [.. checks.Where(check => check.Outcome == outcome).Select(check => check.Name)];
        string Count(string[] names) => names.Length == 1 ? "1 check" : $"{names.Length} checks";
    }

    /// <summary>Not robust: AutoAttack breaks all 60 images. The measurement looks sound: all 8 checks passed.</summary>
    public override string ToString() => $"{Headline}: {Text}";

    private static string Left(AuditResults audit, Rung left)
    {
        int survivors = (int)Math.Round(left.Accuracy * audit.Examples / 100);
        double clean = audit.Findings.Ladder[0].Accuracy;
        string images = audit.Examples == 1 ? "the only image" : $"all {audit.Examples} images";
        return clean == 0 ? $"{char.ToUpperInvariant(images[0])}{images[1..]} {(audit.Examples == 1 ? "is" : "are")} misclassified even without an attack."
            : survivors == 0 ? $"AutoAttack breaks {images}."
            : $"AutoAttack leaves {survivors} of {audit.Examples} images (95 % interval: {Percent.Of(left.AccuracyInterval)} %); "
                + $"without an attack, {Percent.Of(clean)} are classified correctly.";
    }
}
