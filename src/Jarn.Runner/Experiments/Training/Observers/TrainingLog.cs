using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Writes metrics.csv, a row for each step whose losses were read, and tells whoever follows the run of it.</summary>
internal sealed class TrainingLog : ITrainingObserver, IDisposable
{
    private readonly MetricsCsv _metrics;
    private readonly IRunFollower _follower;
    private readonly RunDirectory _directory;

    /// <param name="directory">The folder of the run.</param>
    /// <param name="steps">The number of steps taken before; rows of later steps are deleted.</param>
    /// <param name="follower">Receives each row.</param>
    /// <exception cref="UserErrorException">metrics.csv can't be written, or is not a file of this format.</exception>
    public TrainingLog(RunDirectory directory, int steps, IRunFollower follower)
    {
        (_directory, _follower) = (directory, follower);
        _metrics = MetricsCsv.Continue(directory.Metrics, steps);
        follower.Begin();
    }

    public void AfterStep(TrainedStep step)
    {
        if (step.Losses is StepLosses losses)
        {
            Append(step.Row with
            {
                ClassificationLoss = losses.Classification,
                AdversarialLoss = losses.Adversarial,
                LearningRate = step.LearningRate,
                ImagesPerSecond = step.ImagesPerSecond,
            });
        }
    }

    /// <exception cref="UserErrorException">metrics.csv can't be written; what is saved can be resumed.</exception>
    public void Append(MetricsRow row)
    {
        try
        {
            _metrics.Append(row);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{exception.Message}. {_directory.HowToGoOn}", exception);
        }
        _follower.Append(row);
    }

    /// <summary>Waits until metrics.csv is on the disk, so that no row is lost that a checkpoint counts on.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void FlushToDisk() => _metrics.FlushToDisk();

    public void Dispose() => _metrics.Dispose();
}
