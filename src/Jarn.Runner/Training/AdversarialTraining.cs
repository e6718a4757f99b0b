using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on what an attack on the current weights makes of x.</summary>
public abstract class AdversarialTraining(TrainingConfiguration configuration, IDevice device, Network classifier, Attack attack)
    : TrainingMethod(configuration, device, classifier)
{
    public override int GradientEvaluations(StepPosition position) => attack.Iterations + 1;

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(Attacked(attack, batch, position), batch.Labels, position, readLosses);
}
