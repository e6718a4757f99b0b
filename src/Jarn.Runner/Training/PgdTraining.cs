using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>
/// Cross-entropy on what PGD from a random start makes of x: PGD-AT7, where the recipe says 7 iterations (Madry et al. 2018). Where the recipe has a ramp,
/// ε and the step grow to their full size in ten levels: on MNIST, ε = 0.3 from the first step on leaves a network that answers with no class at all.
/// </summary>
public sealed class PgdTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : AdversarialTraining(configuration, device, classifier, AtLevel(configuration.Recipe, Levels))
{
    private const int Levels = 10;

    private (int Level, Attack Attack)? _ramped;

    protected override Attack AttackAt(StepPosition position)
    {
        if (Recipe.EpsilonRamp is not double share || position.Index >= share * position.Total)
        {
            return base.AttackAt(position);
        }
        int level = Math.Min(Levels, 1 + (int)(Levels * position.Index / (share * position.Total)));
        if (_ramped?.Level != level)
        {
            _ramped = (level, AtLevel(Recipe, level));
        }
        return _ramped.Value.Attack;
    }

    private static Pgd AtLevel(Recipe recipe, int level) => new(
        recipe.Epsilon * level / Levels, recipe.TrainingAttackStepSize * level / Levels, recipe.TrainingAttackIterations);
}
