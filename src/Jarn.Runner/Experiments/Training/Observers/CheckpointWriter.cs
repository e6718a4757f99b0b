using System.Diagnostics;
using System.Runtime.InteropServices;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// Saves a training when its schedule says so, at its end, and when it is asked to stop, which it then does. The last observer: what the others noted
/// of a step is there when the step is saved.
/// </summary>
internal sealed class CheckpointWriter(
    TrainingContext context, RunDirectory directory, Checkpoint? from, Interruption interruption, TrainingMethod method, TrainingLog log,
    RunMeter meter,
    OverfittingWatch overfitting) : ITrainingObserver
{
    private readonly Checkpoints _checkpoints = new(directory, context.Configuration.Checkpoints.Keep);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>The last checkpoint; null if there is none.</summary>
    public Checkpoint? Last { get; private set; } = from;

    /// <exception cref="NonFiniteTrainingException">There is nothing to be saved.</exception>
    /// <exception cref="RunInterruptedException">The training was asked to stop.</exception>
    public void AfterStep(TrainedStep step)
    {
        if (step.IsLast || interruption.Signal is not null || context.Configuration.Checkpoints.IsDue(step.Number, _sinceLast.Elapsed))
        {
            Save(step);
        }
    }

    private void Save(TrainedStep step)
    {
        log.FlushToDisk();
        TrainingProgress progress = new(
            context.Fingerprint, context.Device.Description.Title, step.Number,
            method.Learners.ToDictionary(learner => learner.Name, learner => learner.Optimiser.Iteration), meter.Cost, overfitting.Found, step.Total);
        try
        {
            Last = new Checkpoint(_checkpoints.Write(progress, method.Learners), progress);
        }
        catch (NonFiniteStateException exception)
        {
            throw new NonFiniteTrainingException($"{exception.Message} after step {step.Number}", step.Number);
        }
        _sinceLast.Restart();
        if (interruption.Signal is PosixSignal signal)
        {
            string place = step.IsLast ? "after the training, before the evaluation" : $"after step {step.Number} of {step.Total}";
            throw new RunInterruptedException(signal, $"interrupted {place}; everything so far is saved. {directory.HowToGoOn}");
        }
    }
}
