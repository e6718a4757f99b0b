using Jarn.Models;
using Jarn.Runner.Reproduction;

namespace Jarn.Runner.Auditing;

/// <summary>Names and sentences of audits, wherever they are shown.</summary>
public static class AuditTitles
{
    /// <param name="name">Of a <see cref="Auditing.Rung"/>.</param>
    public static string Rung(string name) => name switch
    {
        Auditing.Rung.AutoAttack => "AutoAttack",
        "apgd-ce" => "APGD-CE",
        "apgd-dlr" => "… and APGD-DLR",
        "apgd-t" => "… and APGD-T",
        "fab" => "… and FAB",
        "fab-t" => "… and FAB-T",
        "square" => "… and Square",
        _ => Titles.Attack(name),
    };

    /// <summary>What belongs to the figures.</summary>
    public static IEnumerable<string> Remarks(AuditResults results)
    {
        if (results.StandInReason is not null)
        {
            yield return $"Drawn images, NOT the real ones: {results.StandInReason}.";
        }
        yield return $"{results.Checkpoint}: {results.Examples} test images, the first of each class evenly, seed {results.Seed}, "
            + $"{Titles.Number(results.Seconds, "0")} s on {results.Device}.";
        if (results.TrainedOn != results.Dataset)
        {
            yield return $"Trained on {results.TrainedOn}, measured on {results.Dataset}.";
        }
        if (results.BnMode == BatchStatistics.Batch)
        {
            yield return "Batch norm with the statistics of the attacked batch, as in the authors' release: a classifier in use knows no such batch.";
        }
        if (results.Findings.Saliency is Saliency saliency)
        {
            yield return $"Saliency: alignment {Text(saliency.Alignment)}, cosine of image and Jacobian {Text(saliency.Cosine)}, "
                + $"structural similarity {Text(saliency.StructuralSimilarity)} (mean ± standard error of {saliency.Examples} images).";
        }
    }

    /// <summary>0.123 ± 0.004</summary>
    public static string Text(Estimate estimate) => $"{Titles.Number(estimate.Mean, "0.000")} ± {Titles.Number(estimate.StandardError, "0.000")}";
}
