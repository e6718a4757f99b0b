using Jarn.Autodiff;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="TradesTraining"/>; the defaults are its authors' for CIFAR-10.</summary>
public sealed record TradesSettings : MethodSettings, IAttackStep
{
    /// <summary>β, the weight of the Kullback-Leibler divergence.</summary>
    [Setting("trades-beta", "B", "Weight of the KL divergence.", Minimum = 0, Maximum = 1e6, IsPenaltyWeight = true)]
    public double TradesBeta { get; init; } = 6;

    /// <summary>Steps of the attack.</summary>
    [Setting("trades-iterations", "N", "Attack steps per training step.", Minimum = 1)]
    public int TradesIterations { get; init; } = 10;

    public double TrainingAttackStepSize { get; init; } = 2.0 / 255;

    public override object CostKey => TradesIterations;
}

/// <summary>TRADES (Zhang et al. 2019): cross-entropy on x, and β·KL(f(x) ‖ f(x′)) for the x′ that an attack on that divergence finds.</summary>
public sealed class TradesTraining : TrainingMethod
{
    private readonly TradesSettings _settings;
    private readonly DivergenceAttack _attack;
    private readonly CapturedFunction<CapturedTensor> _predictions;

    public TradesTraining(TradesSettings settings, MethodContext context) : base(context)
    {
        _settings = settings;
        _attack = new DivergenceAttack(Recipe.ThreatModel, settings.TrainingAttackStepSize, settings.TradesIterations);
        // With running statistics, as in its authors' code, where the whole attack is in evaluation mode.
        _predictions = new CapturedFunction<CapturedTensor>(
            Device, (tape, inputs) => new CapturedTensor(tape.Softmax(Classifier.Forward(tape, inputs[0], BatchStatistics.Running))));
    }

    public static MethodDefinition<TradesSettings> Definition { get; } = new()
    {
        Name = "trades",
        Title = "TRADES",
        Summary = "cross-entropy and the KL divergence between images and attacked images",
        Presets = preset => preset.IsGrey
            ? new TradesSettings { TradesBeta = 1, TradesIterations = 40, TrainingAttackStepSize = IAttackStep.Preset(preset) }
            : new TradesSettings(),
        Make = (settings, context) => new TradesTraining(settings, context),
    };

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + 2;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses)
    {
        Tensor predictions = _predictions.Run(batch.Images).Value;
        Tensor perturbed = Attacked(_attack, batch.Images, predictions, position, BatchStatistics.Running);
        _predictions.Release();
        return ClassificationStep(position, readLosses, batch.Images, batch.Labels, perturbed);
    }

    protected override (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        TradesObjective objective = TradesObjective.Evaluate(tape, Classifier, inputs[0], inputs[2], inputs[1], _settings.TradesBeta);
        return (objective.ClassificationLoss, objective.Total);
    }
}
