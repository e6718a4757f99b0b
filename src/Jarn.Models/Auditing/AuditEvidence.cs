namespace Jarn.Models;

/// <summary>Measurements of the classifier in an audit. Each is made once, when it is first asked for.</summary>
/// <param name="attacks">The attacks of AutoAttack, in the order in which they run.</param>
/// <param name="progress">Shows the progress; null for none.</param>
public sealed class AuditEvidence(AuditSubject subject, IReadOnlyList<Attack> attacks, IProgressDisplay? progress = null)
{
    /// <summary>The number of random starts of attacks that have several. The worst start counts for each image.</summary>
    public const int Restarts = 10;

    /// <summary>The attack on the cross-entropy that is started more than once.</summary>
    public const string RestartedCrossEntropy = "pgd20";

    /// <summary>The attack on the margin that is started more than once.</summary>
    public const string RestartedMargin = "pgd20-margin";

    private readonly Dictionary<(string Attack, ThreatModel Threat, double? Step, int Restarts), AttackResult> _results = [];
    private readonly Evaluator _evaluator = new(subject.Classifier, subject.Images);
    private readonly IProgressDisplay _progress = progress ?? IProgressDisplay.None;
    private InputGradients? _lossGradients;
    private AttackResult? _clean;

    public AuditSubject Subject { get; } = subject;

    /// <summary>How far attacks may change an image.</summary>
    public ThreatModel Threat => Subject.Threat;

    /// <summary>The attacks of AutoAttack, in the order in which they run.</summary>
    public IReadOnlyList<Attack> Attacks { get; } = attacks;

    /// <summary>The result of AutoAttack; null if it was not run.</summary>
    public AutoAttackResult? AutoAttack { get; set; }

    /// <summary>The accuracy without an attack.</summary>
    public AttackResult Clean => _clean ??= Measure(AttackFigures.Clean, update => _evaluator.Clean(update));

    /// <inheritdoc cref="InputGradients"/>
    public InputGradients LossGradients => _lossGradients ??= InputGradients.Measure(Subject.Classifier, Subject.Images);

    /// <summary>The accuracy under an attack with this name, within the audit's threat model.</summary>
    public AttackResult Under(string attack, int restarts = 1) => Under(Named(attack, restarts));

    /// <summary>The attack with this name, within the audit's threat model.</summary>
    public Attack Named(string attack, int restarts = 1) =>
        AttackDefinition.Named(attack, Threat, Subject.Classifier.Channels, Subject.Seed, restarts);

    /// <summary>The accuracy under an attack.</summary>
    public AttackResult Under(Attack attack)
    {
        (string, ThreatModel, double?, int) key = (attack.Name, attack.Threat, (attack as GradientAttack)?.StepSize, attack.Restarts);
        if (!_results.TryGetValue(key, out AttackResult? result))
        {
            string size = attack.Threat == Threat ? "" : $", ε = {attack.Threat.Size}";
            string starts = attack.Restarts == 1 ? "" : $", {attack.Restarts} starts";
            result = Measure($"{attack.Name}{size}{starts}", update => _evaluator.Run(attack, update));
            _results.Add(key, result);
        }
        return result;
    }

    /// <summary>Under the adversarial images that PGD-20 on the margin finds for another classifier.</summary>
    public AttackResult Transferred(IClassifier source) => Measure("transfer", update => _evaluator.Run(Named(RestartedMargin), update, source));

    /// <summary>The number of the given images that withstand the given attacks of AutoAttack.</summary>
    public int Survivors(IReadOnlyList<Attack> attacks, IReadOnlyList<int> images) =>
        AutoAttackRun.Execute(Subject.Classifier, attacks, Subject.Images.Select(images), progress: _progress).Record.Survivors;

    private AttackResult Measure(string title, Func<Action<int>, AttackResult> measure)
    {
        AttackResult? result = null;
        _progress.Track("Auditing", _evaluator.Batches, update => result = measure(done => update(done, title)));
        return result!;
    }
}
