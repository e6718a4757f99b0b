using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Cross-entropy on what an attack on the current weights makes of x.</summary>
/// <param name="context">The recipe, and what is trained.</param>
/// <param name="ramp">See <see cref="RampedAttack"/>.</param>
/// <param name="attackOf">Likewise.</param>
public abstract class AdversarialTraining(MethodContext context, IEpsilonRamp ramp, Func<double, GradientAttack> attackOf) : TrainingMethod(context)
{
    private readonly RampedAttack _attack = new(ramp.EpsilonRamp, attackOf);

    public override bool FollowsOneStepAttack(StepPosition position) => _attack.Iterations == 1 && _attack.IsFull(position);

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + 1;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, Attacked(_attack.At(position), batch.Images, batch.Labels, position), batch.Labels);
}
