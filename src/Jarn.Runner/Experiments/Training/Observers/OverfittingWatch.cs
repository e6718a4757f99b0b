using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Checks now and then for catastrophic overfitting if the method trains on a one-step attack, and warns when it is first seen.</summary>
/// <param name="classifier">The classifier in training.</param>
/// <param name="found">What was seen before an interruption; null for nothing.</param>
internal sealed class OverfittingWatch(TrainingContext context, Network classifier, TrainingMethod method, CatastrophicOverfitting? found)
    : ITrainingObserver
{
    /// <summary>Where overfitting was first seen; null if it was not.</summary>
    public CatastrophicOverfitting? Found { get; private set; } = found;

    public void AfterStep(TrainedStep step)
    {
        if (Found is null && method.FollowsOneStepAttack(step.Position) && step.IsLookDue(step.Number - 1))
        {
            Found = CatastrophicOverfitting.Look(
                context.Device, classifier, context.Data.Train, context.Configuration, step.Number, step.Epoch.Number);
            if (Found is not null)
            {
                Console.Error.WriteLine($"jarn: {Found.InWords}");
            }
        }
    }
}
