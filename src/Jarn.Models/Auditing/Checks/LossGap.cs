namespace Jarn.Models;

/// <summary>
/// Attacks on the cross-entropy must find about what those on a loss of the logits' differences find: logits of large scale saturate the one and not
/// the other (Carlini and Wagner 2017; Croce and Hein 2020 on the DLR loss).
/// </summary>
public sealed class LossGap : IMaskingCheck
{
    /// <summary>Points of a hundred. Between PGD and AutoAttack on honest defences lie 2 to 6 (RobustBench).</summary>
    private const double Doubtful = 5, Failed = 10;

    public string Name => "loss-gap";

    public CheckResult Examine(AuditEvidence evidence)
    {
        AttackResult pgd = evidence.Under(AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts);
        AttackResult margin = evidence.Under(AuditEvidence.RestartedMargin, AuditEvidence.Restarts);
        PairedComparison comparison = PairedComparison.Of(margin, pgd);
        double gap = comparison.SecondLeavesMore ? comparison.Excess : 0;
        Dictionary<string, double> figures = new() { ["pgd_cross_entropy"] = pgd.Accuracy, ["pgd_margin"] = margin.Accuracy };
        string text = $"PGD-20 leaves {Share.Text(pgd.Accuracy)} with the cross-entropy loss and {Share.Text(margin.Accuracy)} with the margin loss";
        (ApgdLoss Loss, double Share)[] missed = evidence.AutoAttack is AutoAttackResult autoAttack ? [.. Missed(autoAttack)] : [];
        if (missed.Length > 0)
        {
            double total = missed.Sum(entry => entry.Share);
            gap = Math.Max(gap, total);
            figures["missed_by_apgd_ce"] = total;
            string others = string.Join(" or ", missed.Select(entry => entry.Loss.Attack.ToUpperInvariant()));
            text += total == 0
                ? $"; APGD-CE misses nothing that {others} finds"
                : $"; APGD-CE misses {Share.Text(total)} of the images, which then fall to {others}";
        }
        (CheckOutcome outcome, string verdict) = gap > Failed
            ? (CheckOutcome.Failed, $"{text}: attacks on the cross-entropy overlook many adversarial images, "
                + "so accuracies under them overstate the robustness")
            : gap > Doubtful ? (CheckOutcome.Doubtful, $"{text}: a larger gap between the losses than usual")
            : (CheckOutcome.Passed, text);
        return new CheckResult(Name, outcome, verdict, figures);
    }

    /// <summary>
    /// The shares of images that APGD on the cross-entropy missed and APGD on a loss of logit differences broke, whatever ran in between.
    /// </summary>
    private static IEnumerable<(ApgdLoss Loss, double Share)> Missed(AutoAttackResult autoAttack)
    {
        foreach (ApgdLoss loss in new[] { ApgdLoss.DifferenceRatio, ApgdLoss.TargetedDifferenceRatio })
        {
            if (autoAttack.ShareMissed(ApgdLoss.CrossEntropy.Attack, loss.Attack) is double share)
            {
                yield return (loss, share);
            }
        }
    }
}
