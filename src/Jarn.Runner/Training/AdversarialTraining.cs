using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on what an attack on the current weights makes of x.</summary>
public abstract class AdversarialTraining(TrainingConfiguration configuration, IDevice device, Network classifier, Attack attack)
    : TrainingMethod(configuration, device, classifier)
{
    public override bool FollowsOneStepAttack => attack.Iterations == 1;

    public override int GradientEvaluations(StepPosition position) => attack.Iterations + 1;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, Attacked(AttackAt(position), batch.Images, batch.Labels, position), batch.Labels);

    /// <summary>What a step trains on.</summary>
    protected virtual Attack AttackAt(StepPosition position) => attack;
}
