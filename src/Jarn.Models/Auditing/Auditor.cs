using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>Audits a classifier: runs attacks of growing strength, and checks whether their figures can be trusted.</summary>
public static class Auditor
{
    /// <summary>The checks after <see cref="BatchDependence"/>, without which there is little to check.</summary>
    private static readonly IMaskingCheck[] _checks =
        [new MoreSteps(), new GrowingEpsilon(), new BlackBox(), new VanishingGradient(), new LossGap(), new LabelLeaking(), new EightBits()];

    /// <summary>
    /// With fewer, chance alone moves accuracies by more than the checks look for. That answers depend on the batch is proved by a single image.
    /// </summary>
    public const int FewestImages = 100;

    /// <summary>The names of all checks, in their order.</summary>
    public static IReadOnlyList<string> CheckNames { get; } = [BatchDependence.CheckName, .. _checks.Select(check => check.Name)];

    /// <summary>Runs the whole audit, which takes from minutes to hours.</summary>
    /// <param name="attacks">The attacks of AutoAttack; null for its standard version.</param>
    /// <param name="store">Keeps AutoAttack's steps; null for none.</param>
    /// <param name="progress">Shows the progress; null for none.</param>
    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public static AuditFindings Run(
        AuditSubject subject, IReadOnlyList<Attack>? attacks = null, IAutoAttackStore? store = null, IProgressDisplay? progress = null)
    {
        attacks ??= AutoAttack.Standard(subject.Threat, subject.Seed);
        AuditEvidence evidence = new(subject, attacks, progress);
        // Whatever is wrong with the logits themselves is told before an attack is run.
        _ = evidence.Clean;
        CheckResult batches = new BatchDependence().Examine(evidence);
        if (batches.Outcome == CheckOutcome.Passed)
        {
            evidence.AutoAttack = AutoAttackRun.Execute(subject.Classifier, attacks, subject.Images, store, progress);
        }
        int images = subject.Images.Count;
        List<CheckResult> checks = images >= FewestImages ? [batches, .. _checks.Select(check => check.Examine(evidence))]
            :
            [
                batches.Outcome == CheckOutcome.Failed ? batches : TooFew(batches.Name, images),
                .. _checks.Select(check => TooFew(check.Name, images)),
            ];
        return new AuditFindings(Ladder(evidence), checks, Saliency.Measure(evidence));
    }

    private static CheckResult TooFew(string check, int images) =>
        CheckResult.Skipped(check, $"too few images to judge: {images}, and at least {FewestImages} are needed");

    private static List<Rung> Ladder(AuditEvidence evidence)
    {
        List<Rung> ladder = [Of(AttackFigures.Clean, evidence.Clean, new PassCount(1, 0))];
        foreach ((string name, int restarts) in (ReadOnlySpan<(string, int)>)
        [
            ("fgsm", 1), ("pgd20", 1),
            (AuditEvidence.RestartedCrossEntropy, AuditEvidence.Restarts), (AuditEvidence.RestartedMargin, AuditEvidence.Restarts),
        ])
        {
            Attack attack = evidence.Named(name, restarts);
            PassCount most = attack.MostPasses(evidence.Subject.Classifier.Classes);
            ladder.Add(Of(restarts == 1 ? name : $"{name} ×{restarts}", evidence.Under(attack), most));
        }
        if (evidence.AutoAttack is AutoAttackResult autoAttack)
        {
            double images = autoAttack.Images.Count;
            Rung[] steps = [.. autoAttack.Figures.Skip(1).Zip(autoAttack.Record.Passes, (figure, passes) =>
                new Rung(figure.Attack, figure.Result.Accuracy, figure.Result.Interval, passes.Forward / images, passes.Backward / images))];
            ladder.AddRange(steps);
            ladder.Add(
                steps[^1] with { Name = Rung.AutoAttack, Forward = steps.Sum(step => step.Forward), Backward = steps.Sum(step => step.Backward) });
        }
        return ladder;

        static Rung Of(string name, AttackResult result, PassCount passes) =>
            new(name, result.Accuracy, result.Interval, passes.Forward, passes.Backward);
    }
}

/// <summary>What an audit measured, from which its verdict follows.</summary>
/// <param name="Ladder">
/// The accuracies from no attack to AutoAttack, each attack stronger than the last. Without AutoAttack if the classifier's answers depend on the
/// batch.
/// </param>
/// <param name="Checks">The checks for masked gradients.</param>
/// <param name="Saliency">Null if no image has a finite gradient that is not zero.</param>
public sealed record AuditFindings(IReadOnlyList<Rung> Ladder, IReadOnlyList<CheckResult> Checks, Saliency? Saliency)
{
    /// <summary>The last rung; null where AutoAttack was not run.</summary>
    [JsonIgnore]
    public Rung? AutoAttack => Ladder.FirstOrDefault(rung => rung.Name == Rung.AutoAttack);

    /// <summary>Whether there were images enough for any check.</summary>
    [JsonIgnore]
    public bool WereChecked => Checks.Any(check => check.Outcome != CheckOutcome.Skipped);
}

/// <summary>What is left of the accuracy after an attack.</summary>
/// <param name="Name">The attack's name: clean, pgd20 ×10, apgd-ce, autoattack. An attack of AutoAttack counts together with those before it.</param>
/// <param name="Accuracy">Images still classified correctly, in per cent.</param>
/// <param name="AccuracyInterval">The 95 % interval of the accuracy.</param>
/// <param name="Forward">Forward passes per image: the mean within AutoAttack, which counts them; the maximum for other attacks.</param>
/// <param name="Backward">Backward passes per image, counted as the forward passes are.</param>
public sealed record Rung(string Name, double Accuracy, Interval AccuracyInterval, double Forward, double Backward)
{
    /// <summary>The name of the last rung.</summary>
    public const string AutoAttack = "autoattack";
}
