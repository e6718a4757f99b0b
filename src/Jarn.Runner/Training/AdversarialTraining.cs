using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on what an attack on the current weights makes of x.</summary>
/// <param name="configuration">The recipe.</param>
/// <param name="device">Computed on.</param>
/// <param name="classifier">What is trained.</param>
/// <param name="attackOf">See <see cref="RampedAttack"/>.</param>
public abstract class AdversarialTraining(TrainingConfiguration configuration, IDevice device, Network classifier, Func<double, GradientAttack> attackOf)
    : TrainingMethod(configuration, device, classifier)
{
    private readonly RampedAttack _attack = new(configuration.Recipe.EpsilonRamp, attackOf);

    public override bool FollowsOneStepAttack(StepPosition position) => _attack.Iterations == 1 && _attack.IsFull(position);

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + 1;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, Attacked(_attack.At(position), batch.Images, batch.Labels, position), batch.Labels);
}
