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

    /// <summary>Per cent of the images that Square alone may break of those that withstood AutoAttack's other attacks.</summary>
    private const double MostBySquareAlone = 1;

    public string Name => "black-box";

    public CheckResult Examine(AuditEvidence evidence)
    {
        AttackResult white = evidence.Under(AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts);
        AttackResult square = evidence.Under(new SquareAttack(evidence.Epsilon, evidence.Subject.Seed, Queries));
        List<(string Title, AttackResult Result)> blind = [($"Square with {Queries} queries", square)];
        Dictionary<string, double> figures = new() { ["white_box"] = white.Accuracy, ["square"] = square.Accuracy };
        foreach ((string path, Network source) in evidence.Subject.Sources)
        {
            AttackResult transferred = evidence.Transferred(source);
            blind.Add(($"adversarial examples of {path}", transferred));
            figures.Add($"transfer_{path}", transferred.Accuracy);
        }
        string transfer = evidence.Subject.Sources.Count == 0 ? "; transfer was not measured, it takes --source" : "";
        string text = $"PGD-20 leaves {Percent.Of(white.Accuracy)}, {string.Join(", ", blind.Select(attack => $"{attack.Title} {Percent.Of(attack.Result.Accuracy)}"))}{transfer}";
        string? stronger = blind.Where(attack => PairedComparison.Of(attack.Result, white).SecondLeavesMore).Select(attack => attack.Title).FirstOrDefault();
        double alone = evidence.AutoAttack is AutoAttackResult autoAttack ? autoAttack.ShareFallenTo("square") : 0;
        figures.Add("square_alone", alone);
        (Outcome outcome, string verdict) = stronger is not null ? (Outcome.Failed, $"{text}: {stronger} find more without the gradient than PGD with it, the gradient is masked")
            : alone > MostBySquareAlone ? (Outcome.Doubtful, $"{text}; within AutoAttack {Percent.Of(alone)} of the images fell to Square alone")
            : (Outcome.Passed, text);
        return new CheckResult(Name, outcome, verdict, figures);
    }
}
