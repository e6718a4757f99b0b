using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting;

/// <summary>Names and sentences of audits, wherever they are shown.</summary>
public static class AuditTitles
{
    /// <param name="name">The name of a <see cref="Models.Rung"/>.</param>
    public static string Rung(string name) => name switch
    {
        Models.Rung.AutoAttack => "AutoAttack",
        "apgd-ce" => "APGD-CE",
        "apgd-dlr" => "… and APGD-DLR",
        "apgd-t" => "… and APGD-T",
        "fab" => "… and FAB",
        "fab-t" => "… and FAB-T",
        "square" => "… and Square",
        _ => Titles.Attack(name),
    };

    /// <summary>A mark and a word, so that no one depends on colour: ✓ passed.</summary>
    public static string Outcome(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "✓ passed",
        CheckOutcome.Doubtful => "? doubtful",
        CheckOutcome.Failed => "✗ failed",
        _ => "– skipped",
    };

    /// <summary>The settings that distinguish audits of one classifier: 1000 images, ε = 8/255, seed 0.</summary>
    public static string Settings(AuditResults audit) => string.Join(", ", new[]
    {
        audit.Examples == 1 ? "1 image" : $"{audit.Examples} images",
        $"ε = {PerturbationSize.Text(audit.Epsilon)}",
        $"seed {audit.Seed}",
        audit.IsPlus ? "AutoAttack plus" : null,
        audit.BnMode == BatchStatistics.Batch ? "batch statistics" : null,
        audit.Dataset == audit.TrainedOn ? null : $"measured on {audit.Dataset}",
        audit.Sources.Count == 0 ? null : $"transfer from {string.Join(", ", audit.Sources)}",
    }.OfType<string>());

    /// <summary>Sentences to print after an audit: whether reports and lists show it, and which other audits of the classifier there are.</summary>
    /// <param name="store">The audits of the classifier.</param>
    /// <param name="made">The audit just made.</param>
    /// <param name="epsilon">ε in the recipe of the classifier.</param>
    public static IEnumerable<string> Beside(AuditStore store, AuditResults made, double epsilon)
    {
        AuditSelection audits = store.Read(epsilon);
        string path = store.PathOf(made);
        if (audits.Shown is null)
        {
            yield return "Reports and lists don't show it: "
                + $"they show audits on {made.TrainedOn} at ε = {PerturbationSize.Text(epsilon)} with running statistics.";
        }
        else if (store.PathOf(audits.Shown) != path)
        {
            yield return $"Reports and lists show another audit: {Settings(audits.Shown)}.";
        }
        string[] others = [.. audits.Others.Where(audit => store.PathOf(audit) != path).Select(Settings)];
        if (others.Length > 0)
        {
            yield return $"Other audits of this classifier: {string.Join("; ", others)}.";
        }
        foreach (string unreadable in audits.Unreadable)
        {
            yield return Unreadable(unreadable);
        }
    }

    public static string Unreadable(string path) => $"{path} is damaged and was left out.";

    /// <summary>The sentences below the figures of an audit.</summary>
    public static IEnumerable<string> Remarks(AuditResults results)
    {
        if (results.StandInReason is not null)
        {
            yield return $"Measured on drawn images, NOT on the real ones: {results.StandInReason}.";
        }
        yield return $"{results.Checkpoint}: {results.Examples} test images, the first of each class in equal numbers; seed {results.Seed}; "
            + $"{Titles.Number(results.Seconds, "0")} s on {results.Device}.";
        if (results.TrainedOn != results.Dataset)
        {
            yield return $"Trained on {results.TrainedOn}, measured on {results.Dataset}.";
        }
        if (results.BnMode == BatchStatistics.Batch)
        {
            yield return "Batch norm used the statistics of the attacked batch, as in the authors' release. A deployed classifier doesn't have them.";
        }
        if (results.Findings.Saliency is Saliency saliency)
        {
            yield return $"Saliency: alignment {Text(saliency.Alignment)}, cosine of image and Jacobian {Text(saliency.Cosine)}, "
                + $"structural similarity {Text(saliency.StructuralSimilarity)} (mean ± standard error over {saliency.Examples} images).";
        }
        else
        {
            yield return "Saliency: not measured, because no image has a gradient that is finite and not zero.";
        }
    }

    /// <summary>Mean ± standard error: 0.123 ± 0.004.</summary>
    public static string Text(Estimate estimate) => $"{Titles.Number(estimate.Mean, "0.000")} ± {Titles.Number(estimate.StandardError, "0.000")}";
}
