using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on the images as they are.</summary>
public sealed class StandardTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : TrainingMethod(configuration, device, classifier)
{
    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, batch.Images, batch.Labels);
}
