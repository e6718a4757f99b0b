using System.Diagnostics;
using Jarn.Kernels;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The training loop that all methods share. Whatever else happens after a step is done by observers.</summary>
/// <param name="device">The device that computes the steps.</param>
/// <param name="meter">Counts the time of the steps.</param>
/// <param name="observers">Called after each step.</param>
public sealed class Trainer(
    TrainingContext context, IDevice device, TrainingMethod method, RunMeter meter, IReadOnlyList<ITrainingObserver> observers)
{
    private const int StepsBetweenReadings = 20;

    /// <summary>Trains to the last step. Losses are read every 20 steps, and at the end of an epoch.</summary>
    /// <param name="first">The number of steps taken before.</param>
    public void Run(int first)
    {
        using BatchLoader batches = context.Batches(device, first);
        int perEpoch = context.StepsPerEpoch, total = context.TotalSteps;
        for (int index = first / perEpoch; index < context.Epochs; index++)
        {
            TrainingEpoch epoch = new(index + 1, context.Epochs, index * perEpoch, Math.Min((index + 1) * perEpoch, total));
            RunEpoch(batches, epoch, Math.Max(first, epoch.StepsBefore));
        }
    }

    private void RunEpoch(BatchLoader batches, TrainingEpoch epoch, int stepsBefore)
    {
        int total = context.TotalSteps;
        long imagesSeen = 0;
        double imagesPerSecond = 0;
        Stopwatch sinceReading = Stopwatch.StartNew();
        for (int step = stepsBefore + 1; step <= epoch.LastStep; step++)
        {
            meter.StartTraining();
            Batch batch = batches.Next();
            StepPosition position = new(step - 1, total);
            StepLosses? losses = method.Step(batch, position, step % StepsBetweenReadings == 0 || step == epoch.LastStep);
            if (step == 1)
            {
                device.Synchronize();
                meter.EndFirstStep();
            }
            meter.StopTraining();
            imagesSeen += batch.Count;
            if (losses is not null)
            {
                imagesPerSecond = imagesSeen / sinceReading.Elapsed.TotalSeconds;
                imagesSeen = 0;
                sinceReading.Restart();
            }
            TrainedStep taken = new(step, total, epoch, losses, method.LearningRate(position), imagesPerSecond, meter.TrainingSeconds);
            foreach (ITrainingObserver observer in observers)
            {
                observer.AfterStep(taken);
            }
        }
    }
}
