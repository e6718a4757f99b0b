using Jarn.Autodiff;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="DoubleBackpropTraining"/>.</summary>
public sealed record DoubleBackpropSettings : MethodSettings
{
    /// <summary>λ_grad, the weight of the squared gradient norm.</summary>
    [Setting("lambda-grad", "L", "Weight of the squared norm of the input gradient.", Minimum = 0, Maximum = 1e6, IsPenaltyWeight = true)]
    public double LambdaGradient { get; init; } = 0.1;
}

/// <summary>Cross-entropy on x, and λ_grad times the squared norm of its input gradient.</summary>
public sealed class DoubleBackpropTraining(DoubleBackpropSettings settings, MethodContext context) : TrainingMethod(context)
{
    public static MethodDefinition<DoubleBackpropSettings> Definition { get; } = new()
    {
        Name = "double-backprop",
        Title = "Double Backprop",
        Summary = "cross-entropy and the squared norm of the input gradient",
        IsOfPaper = true,
        Make = (settings, context) => new DoubleBackpropTraining(settings, context),
    };

    public override int GradientEvaluations(StepPosition position) => DifferentiatedGradient;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, batch.Images, batch.Labels);

    protected override (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        DoubleBackpropObjective objective = DoubleBackpropObjective.Evaluate(tape, Classifier, inputs[0], inputs[1], settings.LambdaGradient);
        return (objective.ClassificationLoss, objective.Total);
    }
}
