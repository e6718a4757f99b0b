using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Adversarial training: the cross-entropy at the images x′ that an attack on the current weights finds.</summary>
/// <param name="ramp">How ε grows, see <see cref="RampedAttack"/>.</param>
/// <param name="attackOf">Makes the attack for a value of ε, see <see cref="RampedAttack"/>.</param>
public abstract class AdversarialTraining(MethodContext context, IEpsilonRamp ramp, Func<double, GradientAttack> attackOf) : TrainingMethod(context)
{
    private readonly RampedAttack _attack = new(ramp.EpsilonRamp, attackOf);

    public override bool FollowsOneStepAttack(StepPosition position) => _attack.Iterations == 1 && _attack.IsFull(position);

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + 1;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, Attacked(_attack.At(position), batch.Images, batch.Labels, position), batch.Labels);
}
