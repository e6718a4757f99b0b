namespace Jarn.Models;

/// <summary>More steps must not find fewer adversarial images: where one step does better than a hundred, the gradients mislead.</summary>
public sealed class MoreSteps : IMaskingCheck
{
    private static readonly string[] _attacks = ["fgsm", "pgd20", "pgd100"];

    public string Name => "more-steps";

    public CheckResult Examine(AuditEvidence evidence)
    {
        AttackResult[] results = [.. _attacks.Select(attack => evidence.Under(attack))];
        string figures = string.Join(
            ", ", _attacks.Zip(results, (attack, result) => $"{AttackDefinition.TitleOf(attack)} {Share.Text(result.Accuracy)}"));
        (int Fewer, int More)[] misled = [.. from fewer in Enumerable.Range(0, results.Length)
                                             from more in Enumerable.Range(fewer + 1, results.Length - fewer - 1)
                                             where PairedComparison.Of(results[fewer], results[more]).SecondLeavesMore
                                             select (fewer, more)];
        (CheckOutcome outcome, string verdict) = misled.Length == 0
            ? (CheckOutcome.Passed, $"accuracy does not rise with the number of steps ({figures})")
            : (CheckOutcome.Failed, $"{AttackDefinition.TitleOf(_attacks[misled[0].More])} finds fewer adversarial images than "
                + $"{AttackDefinition.TitleOf(_attacks[misled[0].Fewer])} ({figures}): the gradients mislead");
        return new CheckResult(Name, outcome, verdict, _attacks.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second.Accuracy));
    }
}
