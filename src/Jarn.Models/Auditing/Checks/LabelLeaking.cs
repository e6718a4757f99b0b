namespace Jarn.Models;

/// <summary>
/// FGSM must do more harm than noise of the same size: a classifier that it helps reads the label, which the attack's gradient knows, from the
/// perturbation (Kurakin et al. 2017).
/// </summary>
public sealed class LabelLeaking : IMaskingCheck
{
    public string Name => "label-leaking";

    public CheckResult Examine(AuditEvidence evidence)
    {
        // PGD without a step is its random start.
        AttackResult noise = evidence.Under(new Pgd(evidence.Threat, stepSize: 0, iterations: 0, seed: evidence.Subject.Seed));
        AttackResult fgsm = evidence.Under("fgsm");
        string figures = $"{Share.Text(noise.Accuracy)} under noise, {Share.Text(fgsm.Accuracy)} under FGSM";
        PairedComparison comparison = PairedComparison.Of(noise, fgsm);
        (CheckOutcome outcome, string verdict) = comparison.SecondLeavesMore
            ? (CheckOutcome.Failed, $"FGSM does less harm than uniform noise of the same size ({figures}): its perturbation gives the label away")
            : (CheckOutcome.Passed, $"FGSM does at least as much harm as uniform noise of the same size ({figures})");
        return new CheckResult(Name, outcome, verdict, new Dictionary<string, double> { ["noise"] = noise.Accuracy, ["fgsm"] = fgsm.Accuracy });
    }
}
