using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on what PGD from a random start makes of x: PGD-AT7, where the recipe says 7 iterations (Madry et al. 2018).</summary>
public sealed class PgdTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : AdversarialTraining(configuration, device, classifier, size =>
        new Pgd(configuration.Recipe.ThreatModel.Scaled(size), size * configuration.Recipe.TrainingAttackStepSize, configuration.Recipe.TrainingAttackIterations));
