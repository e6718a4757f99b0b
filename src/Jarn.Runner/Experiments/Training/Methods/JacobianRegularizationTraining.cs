using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="JacobianRegularizationTraining"/>.</summary>
public sealed record JacobianRegularizationSettings : MethodSettings
{
    /// <summary>λ, the weight of the squared Jacobian norm.</summary>
    [Setting("lambda-jacobian", "L", "Weight of the squared norm of the logits' Jacobian.", Minimum = 0, Maximum = 1e6, IsPenaltyWeight = true)]
    public double LambdaJacobian { get; init; } = 0.01;
}

/// <summary>
/// Cross-entropy on x, and λ/2 times the squared norm of the logits' Jacobian, estimated by one random projection (Hoffman et al. 2019).
/// </summary>
public sealed class JacobianRegularizationTraining(JacobianRegularizationSettings settings, MethodContext context) : TrainingMethod(context)
{
    private readonly RandomStream _stream = new(context.Seed, RandomStream.JacobianProjection);
    private Tensor? _directions;

    public static MethodDefinition<JacobianRegularizationSettings> Definition { get; } = new()
    {
        Name = "jacobian-regularization",
        Title = "Jacobian Regularization",
        Summary = "cross-entropy and the squared norm of the logits' Jacobian",
        Make = (settings, context) => new JacobianRegularizationTraining(settings, context),
    };

    public override int GradientEvaluations(StepPosition position) => DifferentiatedGradient;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses)
    {
        if (_directions?.Shape != batch.Labels.Shape)
        {
            _directions?.Dispose();
            _directions = new Tensor(Device, batch.Labels.Shape);
        }
        Device.RandomNormal(_stream.At((uint)position.Index), 0, 1, _directions.Buffer);
        return ClassificationStep(position, readLosses, batch.Images, batch.Labels, _directions);
    }

    public override void Dispose()
    {
        _directions?.Dispose();
        base.Dispose();
    }

    protected override (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        JacobianRegularizationObjective objective =
            JacobianRegularizationObjective.Evaluate(tape, Classifier, inputs[0], inputs[1], inputs[2], settings.LambdaJacobian);
        return (objective.ClassificationLoss, objective.Total);
    }
}
