using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on clip(x + U[−ε, ε], 0, 1).</summary>
public sealed class UniformNoiseTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : TrainingMethod(configuration, device, classifier)
{
    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, WithNoise(batch, position), batch.Labels);
}
