using Jarn.Models;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;

namespace Jarn.Runner.Auditing;

/// <summary>A classifier on trial, and what has been measured of it: each measurement is made once, for whoever asks first.</summary>
/// <param name="subject">What is on trial.</param>
/// <param name="attacks">AutoAttack's, in their order.</param>
/// <param name="display">Shows the progress.</param>
public sealed class AuditEvidence(AuditSubject subject, IReadOnlyList<EvasionAttack> attacks, IDisplay display)
{
    /// <summary>Of the attacks that are started more than once; the worst counts, image by image.</summary>
    public const int Restarts = 10;

    public const string RestartedCrossEntropy = "pgd20", RestartedMargin = "pgd20-margin";

    private readonly Dictionary<(string Attack, double Epsilon, double Step, int Restarts), AttackResult> _results = [];
    private readonly Evaluator _evaluator = subject.Evaluator();
    private InputGradients? _lossGradients;
    private AttackResult? _clean;

    public AuditSubject Subject { get; } = subject;

    public double Epsilon => Subject.Epsilon;

    /// <summary>AutoAttack's, in their order.</summary>
    public IReadOnlyList<EvasionAttack> Attacks { get; } = attacks;

    /// <summary>What AutoAttack left; null where it was not run.</summary>
    public AutoAttackResult? AutoAttack { get; set; }

    /// <summary>The images as they are.</summary>
    public AttackResult Clean => _clean ??= Measure(AttackFigures.Clean, update => _evaluator.Clean(update));

    /// <inheritdoc cref="InputGradients"/>
    public InputGradients LossGradients =>
        _lossGradients ??= InputGradients.Measure(Subject.Device, Subject.Classifier, Subject.Images, Subject.Statistics);

    /// <summary>Under an attack by its name, at the audit's ε.</summary>
    public AttackResult Under(string attack, int restarts = 1) => Under(Named(attack), restarts);

    public AttackResult Under(Attack attack, int restarts = 1)
    {
        (string, double, double, int) key = (attack.Name, attack.Epsilon, attack.StepSize, restarts);
        if (!_results.TryGetValue(key, out AttackResult? result))
        {
            string size = attack.Epsilon == Epsilon ? "" : $", ε = {PerturbationSize.Text(attack.Epsilon)}", starts = restarts == 1 ? "" : $", {restarts} starts";
            result = Measure($"{attack.Name}{size}{starts}", update => _evaluator.Run(attack, update, restarts));
            _results.Add(key, result);
        }
        return result;
    }

    /// <summary>Under the adversarial images that PGD-20 on the margin finds for another classifier.</summary>
    public AttackResult Transferred(Network source) => Measure("transfer", update => _evaluator.Run(Named(RestartedMargin), update, restarts: 1, source));

    /// <summary>Under one attack of AutoAttack's, on every image that is classified rightly.</summary>
    public AttackResult Under(EvasionAttack attack) =>
        AutoAttackRun.Execute(Subject.Network(), [attack], Subject.Attacked, file: null, display).Figures[^1].Result;

    /// <summary>How many of some images withstand some of AutoAttack's attacks.</summary>
    public int Survivors(IReadOnlyList<EvasionAttack> attacks, IReadOnlyList<int> images) =>
        AutoAttackRun.Execute(Subject.Network(), attacks, Subject.Attacked.Select(images), file: null, display).Record.Survivors;

    private Attack Named(string attack) => AttackCatalogue.Named(attack, Epsilon, Subject.Images.Channels);

    private AttackResult Measure(string title, Func<Action<int>, AttackResult> measure)
    {
        AttackResult? result = null;
        display.Track("Auditing", _evaluator.Batches, update => result = measure(done => update(done, title)));
        return result!;
    }
}
