using Jarn.Models;
using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Auditing.Checks;

/// <summary>
/// Attacks on the cross-entropy must find about what those on a loss of the logits' differences find: logits of large scale saturate the one and not the
/// other (Carlini and Wagner 2017; Croce and Hein 2020 on the DLR loss).
/// </summary>
public sealed class LossGap : IMaskingCheck
{
    /// <summary>Points of a hundred. Between PGD and AutoAttack on honest defences lie 2 to 6 (RobustBench).</summary>
    private const double Doubtful = 5, Failed = 10;

    public string Name => "loss-gap";

    public CheckResult Examine(AuditEvidence evidence)
    {
        AttackResult pgd = evidence.Under(AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts), margin = evidence.Under(AuditEvidence.RestartedMargin, AuditEvidence.Restarts);
        PairedComparison comparison = PairedComparison.Of(margin, pgd);
        double gap = comparison.SecondLeavesMore ? comparison.Excess : 0;
        Dictionary<string, double> figures = new() { ["pgd_cross_entropy"] = pgd.Accuracy, ["pgd_margin"] = margin.Accuracy };
        string text = $"PGD-20 leaves {Percent.Of(pgd.Accuracy)} on the cross-entropy and {Percent.Of(margin.Accuracy)} on the margin";
        if (evidence.AutoAttack is AutoAttackResult autoAttack)
        {
            double crossEntropy = autoAttack.AccuracyAfter(ApgdLoss.CrossEntropy.Attack), targeted = autoAttack.AccuracyAfter(ApgdLoss.TargetedDifferenceRatio.Attack);
            gap = Math.Max(gap, crossEntropy - targeted);
            (figures["apgd_cross_entropy"], figures["apgd_targeted"]) = (crossEntropy, targeted);
            text += $", APGD {Percent.Of(crossEntropy)} on the cross-entropy and {Percent.Of(targeted)} with the targeted DLR loss after it";
        }
        (Outcome outcome, string verdict) = gap > Failed ? (Outcome.Failed, $"{text}: the cross-entropy hides adversarial images, and figures under it overstate the robustness")
            : gap > Doubtful ? (Outcome.Doubtful, $"{text}: more than usual lies between the losses")
            : (Outcome.Passed, text);
        return new CheckResult(Name, outcome, verdict, figures);
    }
}
