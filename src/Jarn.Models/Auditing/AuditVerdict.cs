namespace Jarn.Models;

/// <summary>The verdict of an audit: a headline, a sentence or two, and an outcome that gives the colour.</summary>
/// <param name="Outcome">
/// Failed where nothing is left or the figure can't be trusted, doubtful where it is to be taken with care, passed where something is left and every
/// check passed.
/// </param>
/// <param name="Headline">Not robust, or how robust.</param>
/// <param name="Text">The accuracy under AutoAttack, and whether it can be trusted.</param>
public sealed record AuditVerdict(CheckOutcome Outcome, string Headline, string Text)
{
    /// <summary>Per cent of the images; with less left there is no robustness to speak of.</summary>
    private const double Nothing = 1;

    /// <param name="images">The number of images that the audit measured on.</param>
    public static AuditVerdict Of(AuditFindings findings, int images)
    {
        IReadOnlyList<CheckResult> checks = findings.Checks;
        string[] failed = Named(CheckOutcome.Failed), doubtful = Named(CheckOutcome.Doubtful);
        int passed = checks.Count(check => check.Outcome == CheckOutcome.Passed);
        if (findings.AutoAttack is not Rung left)
        {
            return new AuditVerdict(
                CheckOutcome.Failed, "Cannot be judged",
                "What the classifier says of an image depends on the other images of its batch, so AutoAttack was not run.");
        }
        bool isRobust = left.Accuracy >= Nothing;
        string soundness = failed.Length > 0 && isRobust
            ? $"This figure cannot be trusted: {Count(failed)} failed ({string.Join(", ", failed)})."
            : failed.Length > 0 ? $"Figures under weaker attacks are misleading: {Count(failed)} failed ({string.Join(", ", failed)})."
            : doubtful.Length > 0
            ? $"Take the figures with care: {(doubtful.Length == 1 ? "1 check is" : $"{doubtful.Length} checks are")} doubtful "
                + $"({string.Join(", ", doubtful)})."
            : images < Auditor.FewestImages
            ? $"Whether the measurement is sound was not checked: that takes at least {Auditor.FewestImages} images."
            : passed == checks.Count ? $"The measurement looks sound: all {checks.Count} checks passed."
            : $"{passed} of {checks.Count} checks passed, and the others were skipped.";
        CheckOutcome outcome = !isRobust || failed.Length > 0 ? CheckOutcome.Failed
            : passed == checks.Count ? CheckOutcome.Passed
            : CheckOutcome.Doubtful;
        string headline = isRobust ? $"{Share.Text(left.Accuracy)} robust" : "Not robust";
        return new AuditVerdict(outcome, headline, $"{Left(left, findings.Ladder[0].Accuracy, images)} {soundness}");

        string[] Named(CheckOutcome outcome) => [.. checks.Where(check => check.Outcome == outcome).Select(check => check.Name)];
        string Count(string[] names) => names.Length == 1 ? "1 check" : $"{names.Length} checks";
    }

    /// <summary>Not robust: AutoAttack breaks all 60 images. The measurement looks sound: all 8 checks passed.</summary>
    public override string ToString() => $"{Headline}: {Text}";

    private static string Left(Rung left, double clean, int images)
    {
        int survivors = (int)Math.Round(left.Accuracy * images / 100);
        string all = images == 1 ? "the only image" : $"all {images} images";
        return clean == 0 ? $"{char.ToUpperInvariant(all[0])}{all[1..]} {(images == 1 ? "is" : "are")} misclassified even without an attack."
            : survivors == 0 ? $"AutoAttack breaks {all}."
            : $"AutoAttack leaves {survivors} of {images} images (95 % interval: {left.AccuracyInterval} %); "
                + $"without an attack, {Share.Text(clean)} are classified correctly.";
    }
}
