using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Follows a training. The observers are told of a step in the order of their list, and before the next step begins.</summary>
public interface ITrainingObserver
{
    void AfterStep(TrainedStep step);
}

/// <summary>A step that has been taken.</summary>
/// <param name="Number">The number of the step, counted from 1.</param>
/// <param name="Total">The number of steps in the training.</param>
/// <param name="Epoch">The epoch that the step belongs to.</param>
/// <param name="Losses">Null if they were not read in this step.</param>
/// <param name="ImagesPerSecond">The throughput since losses were last read.</param>
/// <param name="Seconds">Seconds of training so far.</param>
public readonly record struct TrainedStep(
    int Number, int Total, TrainingEpoch Epoch, StepLosses? Losses, double LearningRate, double ImagesPerSecond, double Seconds)
{
    private const int MostLooks = 20;

    public StepPosition Position => new(Number - 1, Total);

    public bool IsLast => Number == Total;

    public bool EndsEpoch => Number == Epoch.LastStep;

    /// <summary>The columns that every row about this step has.</summary>
    public MetricsRow Row => new() { Step = Number, Epoch = Epoch.Number, Seconds = Seconds };

    /// <summary>Whether to look at the classifier, as is done after the last step, and at most 20 times in all.</summary>
    /// <param name="before">The step after which one could have looked before.</param>
    public bool IsLookDue(long before) => IsLast || (long)Number * MostLooks / Total > before * MostLooks / Total;
}

/// <summary>An epoch of a training, counted from 1: the steps after <paramref name="StepsBefore"/> up to <paramref name="LastStep"/>.</summary>
public readonly record struct TrainingEpoch(int Number, int Count, int StepsBefore, int LastStep);
