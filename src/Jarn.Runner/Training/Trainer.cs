using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>The loop that all methods share: epochs, batches, metrics, checkpoints, progress.</summary>
/// <param name="context">What is trained on what.</param>
/// <param name="classifier">What is trained.</param>
/// <param name="directory">Receives metrics and checkpoints.</param>
/// <param name="from">Where the training goes on; null for its first step.</param>
/// <param name="interruption">Stops the training after a step.</param>
/// <param name="display">Where progress is shown.</param>
/// <param name="profile">The same device with a stopwatch, for the training steps; null for none.</param>
/// <param name="tensorBoard">TensorBoard's file, which follows the training.</param>
public sealed class Trainer(
    TrainingContext context, Network classifier, RunDirectory directory, Checkpoint? from, Interruption interruption, IDisplay display,
    OptionalOutput tensorBoard, ProfilingDevice? profile = null)
{
    private const int StepsBetweenReadings = 20, ImagesToWatch = 1000, MostLooks = 20;

    private readonly TrainingConfiguration _configuration = context.Configuration;
    private readonly IDevice _stepDevice = profile ?? context.Device;
    private readonly Checkpoints _checkpoints = new(directory, context.Configuration.Checkpoints.Keep);
    private readonly Stopwatch _sinceCheckpoint = new();
    private Checkpoint? _last = from;

    /// <summary>Counts what the run takes, from the making of this on.</summary>
    public RunMeter Meter { get; } = new(from?.Progress.Cost, context.Device);

    /// <summary>Where it was seen first; null for nowhere.</summary>
    public CatastrophicOverfitting? Overfitting { get; private set; } = from?.Progress.Overfitting;

    /// <summary>The mean of <see cref="TrainingMethod.GradientEvaluations"/> over all steps.</summary>
    public double GradientEvaluationsPerImage { get; private set; }

    /// <summary>
    /// Trains to the last step. The metrics receive a row every 20 steps, and one with accuracies on the first 1000 test images after an epoch, at
    /// most 20 times.
    /// </summary>
    /// <exception cref="RunInterruptedException">It was asked to stop, and the last step is saved.</exception>
    /// <exception cref="UserErrorException">The loss became NaN or infinite, or a batch doesn't fit into the device's memory.</exception>
    public void Run()
    {
        try
        {
            RunEpochs();
        }
        catch (NonFiniteException exception)
        {
            display.Note("Repeating the steps since the last checkpoint, to find where the first NaN or infinity appeared");
            string weight = TrainingMethod.PenaltyOption(_configuration.Method) is string option ? $" or {option}" : "";
            throw new UserErrorException(
                $"{exception.Message}. {NonFiniteSearch.Describe(context, _last, exception.Step)} Try a smaller --learning-rate{weight}", exception);
        }
        catch (DeviceMemoryException exception)
        {
            int size = _configuration.Recipe.BatchSize;
            string advice = size > 1 ? $"--batch-size {size / 2} needs about half as much" : "use a smaller --width or --depth";
            throw new UserErrorException($"{exception.Message}, with --batch-size {size}: {advice}", exception);
        }
    }

    private void RunEpochs()
    {
        Checkpoint? start = _last;
        int first = start?.Progress.Step ?? 0, perEpoch = context.StepsPerEpoch, total = context.TotalSteps;
        using TrainingLog log = new(directory, first, tensorBoard);
        using TrainingMethod method = TrainingMethod.Create(_configuration, _stepDevice, classifier, context.Data.Train);
        if (start is not null)
        {
            CheckpointFile.Restore(start.Path, method.Learners);
        }
        GradientEvaluationsPerImage = Enumerable.Range(0, total).Average(step => method.GradientEvaluations(new StepPosition(step, total)));
        using BatchLoader batches = context.Batches(_stepDevice, first);
        if (first >= total)
        {
            return;
        }
        _sinceCheckpoint.Start();
        display.Track($"Training ({_configuration.Method})", total, advance =>
        {
            for (int epoch = first / perEpoch; epoch < context.Epochs; epoch++)
            {
                EpochSpan span = new(epoch, context.Epochs, Math.Max(first, epoch * perEpoch), Math.Min((epoch + 1) * perEpoch, total));
                RunEpoch(method, batches, log, span, advance);
            }
        });
    }

    private void RunEpoch(TrainingMethod method, BatchLoader batches, TrainingLog log, EpochSpan epoch, ProgressUpdate advance)
    {
        int total = context.TotalSteps;
        long imagesSeen = 0;
        Stopwatch sinceReading = Stopwatch.StartNew();
        for (int step = epoch.FirstStep + 1; step <= epoch.LastStep; step++)
        {
            Meter.StartTraining();
            Batch batch = batches.Next();
            StepPosition position = new(step - 1, total);
            StepLosses? read = method.Step(batch, position, step % StepsBetweenReadings == 0 || step == epoch.LastStep);
            if (step == 1)
            {
                _stepDevice.Synchronize();
                Meter.EndFirstStep();
            }
            Meter.StopTraining();
            imagesSeen += batch.Count;
            if (read is StepLosses losses)
            {
                double rate = imagesSeen / sinceReading.Elapsed.TotalSeconds;
                log.Append(step, epoch.Index + 1, losses.Classification, losses.Adversarial, null, null, method.LearningRate(position), rate, Meter.TrainingSeconds);
                RequireFinite(losses, step);
                advance(step, Status(epoch, losses, rate));
                imagesSeen = 0;
                sinceReading.Restart();
            }
            if (method.FollowsOneStepAttack(position) && Overfitting is null && IsToBeWatched(step - 1, step))
            {
                Overfitting = CatastrophicOverfitting.Look(context.Device, classifier, context.Data.Train, _configuration, step, epoch.Index + 1);
                if (Overfitting is not null)
                {
                    Console.Error.WriteLine($"jarn: {Overfitting.InWords}");
                }
            }
            if (step == epoch.LastStep && IsToBeWatched(epoch.Index * context.StepsPerEpoch, step))
            {
                Watch(log, epoch);
            }
            if (step == total || interruption.Signal is not null || _configuration.Checkpoints.IsDue(step, _sinceCheckpoint.Elapsed))
            {
                Save(method, log, step);
            }
        }
    }

    /// <summary>After the last step, and at most 20 times in all.</summary>
    private bool IsToBeWatched(long before, long after) =>
        after >= context.TotalSteps || after * MostLooks / context.TotalSteps > before * MostLooks / context.TotalSteps;

    /// <exception cref="NonFiniteException">There is nothing to be saved.</exception>
    /// <exception cref="RunInterruptedException">The training was asked to stop.</exception>
    private void Save(TrainingMethod method, TrainingLog log, int step)
    {
        log.FlushToDisk();
        TrainingProgress progress = new(
            context.Fingerprint, context.Device.Description.Title, step,
            method.Learners.ToDictionary(learner => learner.Name, learner => learner.Optimiser.Iteration), Meter.Cost, Overfitting, context.TotalSteps);
        try
        {
            _last = new Checkpoint(_checkpoints.Write(progress, method.Learners), progress);
        }
        catch (NonFiniteStateException exception)
        {
            throw new NonFiniteException($"{exception.Message} after step {step}", step);
        }
        _sinceCheckpoint.Restart();
        if (interruption.Signal is PosixSignal signal)
        {
            string place = step == context.TotalSteps ? "after the training, before the evaluation" : $"after step {step} of {context.TotalSteps}";
            throw new RunInterruptedException(signal, $"interrupted {place}; everything so far is saved. {directory.HowToGoOn}");
        }
    }

    private static void RequireFinite(StepLosses losses, int step)
    {
        if (!double.IsFinite(losses.Classification + (losses.Adversarial ?? 0)))
        {
            double culprit = double.IsFinite(losses.Classification) ? losses.Adversarial!.Value : losses.Classification;
            throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"the loss became {culprit} at step {step} or shortly before"), step);
        }
    }

    private void Watch(TrainingLog log, EpochSpan epoch)
    {
        ImageSet images = context.Data.Test.Limit(ImagesToWatch);
        Evaluator evaluator = new(new AttackedNetwork(context.Device, classifier, images.Shape, images.ClassCount), images);
        double clean;
        try
        {
            clean = evaluator.Clean().Accuracy;
        }
        catch (NonFiniteLogitsException exception)
        {
            display.Note($"epoch {epoch.Index + 1}: {NonFiniteLogitsException.InWords(exception.Count, images.Count)}, no accuracy");
            return;
        }
        double fgsm = evaluator.Run(new Fgsm(_configuration.Recipe.ThreatModel)).Accuracy;
        log.Append(epoch.LastStep, epoch.Index + 1, null, null, clean, fgsm, null, null, Meter.TrainingSeconds);
        display.Note(string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Index + 1}: {clean:0.0} % clean, {fgsm:0.0} % under FGSM (first {images.Count} test images)"));
    }

    private static string Status(EpochSpan epoch, StepLosses losses, double rate)
    {
        string adversarial = losses.Adversarial is double value ? string.Create(CultureInfo.InvariantCulture, $", adversarial loss {value:0.00}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Index + 1}/{epoch.Count}, loss {losses.Classification:0.000}{adversarial}, {rate:0} images/s");
    }

    /// <summary>The Index-th of Count epochs: the steps after FirstStep up to LastStep.</summary>
    private readonly record struct EpochSpan(int Index, int Count, int FirstStep, int LastStep);

    /// <summary>NaN or infinity was noticed after a step.</summary>
    private sealed class NonFiniteException(string message, int step) : Exception(message)
    {
        public int Step => step;
    }
}
