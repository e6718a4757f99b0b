using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>TRADES (Zhang et al. 2019): cross-entropy on x, and β·KL(f(x) ‖ f(x′)) for the x′ that an attack on that divergence finds.</summary>
public sealed class TradesTraining : TrainingMethod
{
    private readonly DivergenceAttack _attack;
    private readonly CapturedFunction<CapturedTensor> _predictions;

    public TradesTraining(TrainingConfiguration configuration, IDevice device, Network classifier) : base(configuration, device, classifier)
    {
        _attack = new DivergenceAttack(Recipe.ThreatModel, Recipe.TrainingAttackStepSize, Baselines.TradesIterations);
        // With running statistics, as in its authors' code, where the whole attack is in evaluation mode.
        _predictions = new CapturedFunction<CapturedTensor>(
            device, (tape, inputs) => new CapturedTensor(tape.Softmax(classifier.Forward(tape, inputs[0], BatchStatistics.Running))));
    }

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
        TradesObjective objective = TradesObjective.Evaluate(tape, Classifier, inputs[0], inputs[2], inputs[1], Baselines.TradesBeta);
        return (objective.ClassificationLoss, objective.Total);
    }
}
