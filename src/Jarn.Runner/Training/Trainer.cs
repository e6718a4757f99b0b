using System.Diagnostics;
using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>The loop that all methods share: epochs, batches, metrics, progress.</summary>
/// <param name="configuration">The run's settings.</param>
/// <param name="device">Where the classifier lives.</param>
/// <param name="data">Training images, and test images to watch.</param>
/// <param name="classifier">What is trained.</param>
/// <param name="display">Where progress is shown.</param>
/// <param name="profile">The same device with a stopwatch, for the training steps; null for none.</param>
public sealed class Trainer(
    TrainingConfiguration configuration, IDevice device, Dataset data, Network classifier, IDisplay display, ProfilingDevice? profile = null)
{
    private const int StepsBetweenReadings = 20, ImagesToWatch = 1000, MostLooks = 20;

    private static readonly string[] Columns =
        ["step", "epoch", "classification_loss", "adversarial_loss", "clean_accuracy", "fgsm_accuracy", "images_per_second", "seconds"];

    private readonly Stopwatch _training = new();
    private readonly IDevice _stepDevice = profile ?? device;

    /// <summary>Training alone, without the looks at test images in between.</summary>
    public double TrainingSeconds => _training.Elapsed.TotalSeconds;

    /// <summary>From the process's start to the end of the first training step; 0 before that.</summary>
    public double FirstStepSeconds { get; private set; }

    /// <summary>Training alone, for one pass over the training images.</summary>
    public double SecondsPerEpoch { get; private set; }

    /// <summary>The mean of <see cref="TrainingMethod.GradientEvaluations"/> over all steps.</summary>
    public double GradientEvaluationsPerImage { get; private set; }

    /// <param name="metricsPath">Receives a row every 20 steps, and one with accuracies on the first 1000 test images after an epoch, at most 20 times.</param>
    /// <exception cref="UserErrorException">The loss is no longer a number, or a batch doesn't fit into the device's memory.</exception>
    public void Run(string metricsPath)
    {
        try
        {
            RunEpochs(metricsPath);
        }
        catch (DeviceMemoryException exception)
        {
            int size = configuration.Recipe.BatchSize;
            string advice = size > 1 ? $"--batch-size {size / 2} takes about half as much" : "a smaller --width or --depth takes less";
            throw new UserErrorException($"{exception.Message}, with --batch-size {size}: {advice}", exception);
        }
    }

    private void RunEpochs(string metricsPath)
    {
        using MetricsCsv metrics = new(metricsPath, Columns);
        using TrainingMethod method = TrainingMethod.Create(configuration, _stepDevice, classifier, data.Train);
        int stepsPerEpoch = configuration.Recipe.StepsPerEpoch(data.Train.Count), total = configuration.Recipe.TotalSteps(data.Train.Count);
        int epochs = (total + stepsPerEpoch - 1) / stepsPerEpoch;
        GradientEvaluationsPerImage = Enumerable.Range(0, total).Average(step => method.GradientEvaluations(new StepPosition(step, total)));
        using BatchLoader batches = new(
            _stepDevice, data.Train, configuration.Recipe.BatchSize,
            Enumerable.Range(0, epochs).Select(epoch => Shuffling.Order(data.Train.Count, configuration.Seed, epoch)),
            configuration.Recipe.Augmentation == Augmentation.CropAndFlip ? new CropAndFlip(configuration.Seed, data.Train) : null);
        display.Track($"Training ({configuration.Method})", total, advance =>
        {
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                RunEpoch(method, batches, metrics, new EpochSpan(epoch, epochs, epoch * stepsPerEpoch, Math.Min((epoch + 1) * stepsPerEpoch, total)), total, advance);
            }
        });
        SecondsPerEpoch = TrainingSeconds * stepsPerEpoch / total;
    }

    private void RunEpoch(TrainingMethod method, BatchLoader batches, MetricsCsv metrics, EpochSpan epoch, int total, ProgressUpdate advance)
    {
        long imagesSeen = 0;
        Stopwatch sinceReading = Stopwatch.StartNew();
        for (int step = epoch.FirstStep + 1; step <= epoch.LastStep; step++)
        {
            _training.Start();
            Batch batch = batches.Next();
            StepLosses? read = method.Step(batch, new StepPosition(step - 1, total), step % StepsBetweenReadings == 0 || step == epoch.LastStep);
            if (step == 1)
            {
                _stepDevice.Synchronize();
                FirstStepSeconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
            }
            _training.Stop();
            imagesSeen += batch.Count;
            if (read is not StepLosses losses)
            {
                continue;
            }
            double rate = imagesSeen / sinceReading.Elapsed.TotalSeconds;
            metrics.Append(step, epoch.Index + 1, losses.Classification, losses.Adversarial, null, null, rate, TrainingSeconds);
            if (!double.IsFinite(losses.Classification + (losses.Adversarial ?? 0)))
            {
                throw new UserErrorException(
                    $"the loss became {losses.Classification} by step {step}: give a smaller --learning-rate or --lambda-adv");
            }
            advance(step, Status(epoch, losses, rate));
            imagesSeen = 0;
            sinceReading.Restart();
        }
        if (epoch.LastStep == total || (long)epoch.LastStep * MostLooks / total > (long)epoch.FirstStep * MostLooks / total)
        {
            Watch(metrics, epoch);
        }
    }

    private void Watch(MetricsCsv metrics, EpochSpan epoch)
    {
        Evaluator evaluator = new(device, classifier, data.Test.Limit(ImagesToWatch), configuration.Seed);
        double clean = evaluator.Clean(_ => { }).Accuracy, fgsm = evaluator.Run(new Fgsm(configuration.Recipe.Epsilon), _ => { }).Accuracy;
        metrics.Append(epoch.LastStep, epoch.Index + 1, null, null, clean, fgsm, null, TrainingSeconds);
        display.Note(string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Index + 1}: {clean:0.0} % clean, {fgsm:0.0} % under FGSM (first {Math.Min(ImagesToWatch, data.Test.Count)} test images)"));
    }

    private static string Status(EpochSpan epoch, StepLosses losses, double rate)
    {
        string adversarial = losses.Adversarial is double value ? string.Create(CultureInfo.InvariantCulture, $", adversarial {value:0.00}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Index + 1}/{epoch.Count}, loss {losses.Classification:0.000}{adversarial}, {rate:0} images/s");
    }

    /// <summary>The Index-th of Count epochs: the steps after FirstStep up to LastStep.</summary>
    private readonly record struct EpochSpan(int Index, int Count, int FirstStep, int LastStep);
}
