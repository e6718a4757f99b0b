using Jarn.Models;
using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Auditing.Checks;

/// <summary>
/// An attack that sees the gradient must find what attacks without it find: Square, which only asks for logits, and adversarial examples of other
/// classifiers. Where those find more, the gradients are masked (Athalye et al. 2018, Carlini et al. 2019).
/// </summary>
public sealed class BlackBox : IMaskingCheck
{
    /// <summary>Of Square, on every image; the attack's own 5000 are spent on AutoAttack's survivors.</summary>
    public const int Queries = 1000;

    /// <summary>
    /// Points by which an attack without the gradient may be ahead of PGD on the cross-entropy. Square ascends the margin, and on honest defences some points
    /// lie between the two losses; what PGD misses on both is another matter.
    /// </summary>
    private const double Doubtful = 5, Failed = 10;

    /// <summary>Per cent of the images that Square alone may break of those that withstood AutoAttack's other attacks.</summary>
    private const double MostBySquareAlone = 1;

    public string Name => "black-box";

    public CheckResult Examine(AuditEvidence evidence)
    {
        if (evidence.AutoAttack is not AutoAttackResult autoAttack)
        {
            return new CheckResult(Name, Outcome.Skipped, "AutoAttack was not run, and Square is one of its attacks", new Dictionary<string, double>());
        }
        AttackResult white = evidence.Under(AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts);
        AttackResult margin = evidence.Under(AuditEvidence.RestartedMargin, AuditEvidence.Restarts);
        AttackResult both = new([.. white.Robust.Zip(margin.Robust, (one, other) => one && other)], ZeroGradient: 0);
        AttackResult square = evidence.Under(new SquareAttack(evidence.Epsilon, evidence.Subject.Seed, Queries));
        List<(string Title, AttackResult Result)> blind = [($"Square with {Queries} queries", square)];
        Dictionary<string, double> figures = new() { ["white_box"] = white.Accuracy, ["white_box_either_loss"] = both.Accuracy, ["square"] = square.Accuracy };
        foreach ((string path, Network source) in evidence.Subject.Sources)
        {
            AttackResult transferred = evidence.Transferred(source);
            blind.Add(($"adversarial examples of {path}", transferred));
            figures.Add($"transfer_{path}", transferred.Accuracy);
        }
        string transfer = evidence.Subject.Sources.Count == 0 ? "; transfer was not measured, it takes --source" : "";
        string text = $"PGD-20 leaves {Percent.Of(white.Accuracy)} on the cross-entropy and {Percent.Of(both.Accuracy)} on it or the margin, "
            + $"{string.Join(", ", blind.Select(attack => $"{attack.Title} {Percent.Of(attack.Result.Accuracy)}"))}{transfer}";
        double alone = autoAttack.ShareFallenTo("square");
        figures.Add("square_alone", alone);
        string? stronger = blind.Where(attack => PairedComparison.Of(attack.Result, both).SecondLeavesMore || Ahead(attack.Result) > Failed)
            .Select(attack => attack.Title).FirstOrDefault();
        (Outcome outcome, string verdict) = stronger is not null ? (Outcome.Failed, $"{text}: {stronger} find more without the gradient than PGD with it, the gradient is masked")
            : blind.Exists(attack => Ahead(attack.Result) > Doubtful) ? (Outcome.Doubtful, $"{text}: more is found without the gradient than on the cross-entropy with it")
            : alone > MostBySquareAlone ? (Outcome.Doubtful, $"{text}; within AutoAttack {Percent.Of(alone)} of the images fell to Square alone")
            : (Outcome.Passed, text);
        return new CheckResult(Name, outcome, verdict, figures);

        double Ahead(AttackResult attack) => PairedComparison.Of(attack, white) is { SecondLeavesMore: true } comparison ? comparison.Excess : 0;
    }
}
