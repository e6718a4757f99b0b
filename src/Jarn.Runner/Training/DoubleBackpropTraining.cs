using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on x, and λ_grad times the squared norm of its input gradient.</summary>
public sealed class DoubleBackpropTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : TrainingMethod(configuration, device, classifier)
{
    public override int GradientEvaluations(StepPosition position) => DifferentiatedGradient;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, batch.Images, batch.Labels);

    protected override (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        DoubleBackpropObjective objective = DoubleBackpropObjective.Evaluate(tape, Classifier, inputs[0], inputs[1], Recipe.LambdaGradient);
        return (objective.ClassificationLoss, objective.Total);
    }
}
