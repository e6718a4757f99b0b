using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>
/// Fast-AT (Wong et al. 2020): cross-entropy on what one step of 1.25ε from a random start makes of x, brought back into the ε-ball. Cheap, and in
/// danger of <see cref="CatastrophicOverfitting"/>.
/// </summary>
public sealed class FastTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : AdversarialTraining(configuration, device, classifier, size =>
        new Pgd(configuration.Recipe.ThreatModel.Scaled(size), size * configuration.Baselines.FastStepFactor * configuration.Recipe.Epsilon, iterations: 1));
