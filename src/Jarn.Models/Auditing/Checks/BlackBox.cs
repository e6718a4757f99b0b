namespace Jarn.Models;

/// <summary>
/// An attack that sees the gradient must find what attacks without it find: Square, which only asks for logits, and adversarial examples of other
/// classifiers. Where those find more, the gradients are masked (Athalye et al. 2018, Carlini et al. 2019).
/// </summary>
public sealed class BlackBox : IMaskingCheck
{
    /// <summary>The queries of Square on every image; the attack's own 5000 are spent on AutoAttack's survivors.</summary>
    public const int Queries = 1000;

    /// <summary>
    /// Points by which an attack without the gradient may be ahead of PGD on the cross-entropy. Square ascends the margin, and on honest defences
    /// some points lie between the two losses; what PGD misses on both is another matter.
    /// </summary>
    private const double Doubtful = 5, Failed = 10;

    /// <summary>Per cent of the images that Square alone may break of those that withstood AutoAttack's other attacks.</summary>
    private const double MostBySquareAlone = 1;

    public string Name => "black-box";

    public CheckResult Examine(AuditEvidence evidence)
    {
        if (evidence.AutoAttack is not AutoAttackResult autoAttack)
        {
            return CheckResult.Skipped(Name, "AutoAttack was not run, and Square is one of its attacks");
        }
        AttackResult white = evidence.Under(AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts);
        AttackResult margin = evidence.Under(AuditEvidence.RestartedMargin, AuditEvidence.Restarts);
        AttackResult both = new([.. white.Robust.Zip(margin.Robust, (one, other) => one && other)], ZeroGradient: 0);
        AttackResult square = evidence.Under(new SquareAttack(evidence.Threat, evidence.Subject.Seed, Queries));
        List<(string Title, AttackResult Result)> blind = [($"Square with {Queries} queries", square)];
        Dictionary<string, double> figures = new()
        {
            ["white_box"] = white.Accuracy,
            ["white_box_either_loss"] = both.Accuracy,
            ["square"] = square.Accuracy,
        };
        foreach ((string path, IClassifier source) in evidence.Subject.Sources)
        {
            AttackResult transferred = evidence.Transferred(source);
            blind.Add(($"transfer from {path}", transferred));
            figures.Add($"transfer_{path}", transferred.Accuracy);
        }
        string transfer = evidence.Subject.Sources.Count == 0 ? " (no transfer attack was run: no other classifier was given)" : "";
        string text =
            $"PGD-20 leaves {Share.Text(white.Accuracy)} with the cross-entropy loss and {Share.Text(both.Accuracy)} with either loss; "
            + "without the gradient, "
            + $"{string.Join(", ", blind.Select(attack => $"{attack.Title} leaves {Share.Text(attack.Result.Accuracy)}"))}{transfer}";
        string? stronger = blind.Where(attack => PairedComparison.Of(attack.Result, both).SecondLeavesMore || Ahead(attack.Result) > Failed)
            .Select(attack => attack.Title).FirstOrDefault();
        if (stronger is not null)
        {
            return Result(CheckOutcome.Failed, $"{text}: {stronger} breaks more than PGD does with the gradient, so the gradient is masked");
        }
        if (blind.Exists(attack => Ahead(attack.Result) > Doubtful))
        {
            return Result(CheckOutcome.Doubtful, $"{text}: more is found without the gradient than with the gradient of the cross-entropy");
        }
        double alone = OnlyBySquare(evidence, autoAttack);
        figures.Add("square_alone", alone);
        return alone > MostBySquareAlone
            ? Result(CheckOutcome.Doubtful, $"{text}. Within AutoAttack, Square alone breaks {Share.Text(alone)} of the images")
            : Result(CheckOutcome.Passed, text);

        CheckResult Result(CheckOutcome outcome, string verdict) => new(Name, outcome, verdict, figures);

        double Ahead(AttackResult attack) => PairedComparison.Of(attack, white) is { SecondLeavesMore: true } comparison ? comparison.Excess : 0;
    }

    /// <summary>
    /// Per cent of the images that Square broke and no attack with a gradient can. Those before Square have tried these images; those that came after
    /// it, as in AutoAttack's plus version, did not get to see them, and now do.
    /// </summary>
    private static double OnlyBySquare(AuditEvidence evidence, AutoAttackResult autoAttack)
    {
        IReadOnlyList<int> fallen = autoAttack.FallenTo(SquareAttack.AttackName);
        Attack[] after = [.. evidence.Attacks.SkipWhile(attack => attack is not SquareAttack).Where(attack => attack is not SquareAttack)];
        int alone = fallen.Count == 0 || after.Length == 0 ? fallen.Count : evidence.Survivors(after, fallen);
        return 100.0 * alone / autoAttack.Images.Count;
    }
}
