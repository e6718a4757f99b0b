using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// Executes a run from its first step, or from its last checkpoint, to its last file: config.json, metrics.csv, model.safetensors, results.json.
/// </summary>
public sealed class TrainingRun(
    TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display, Interruption interruption,
    IRunFollower follower)
{
    private readonly TrainingContext _context = new(configuration, device, data);

    /// <param name="profiled">
    /// Receives the time of each operation, and that of all training steps in milliseconds; null if nothing is to be profiled.
    /// </param>
    /// <exception cref="RunInterruptedException">The run was asked to stop.</exception>
    /// <exception cref="UserErrorException">
    /// The loss became NaN or infinite, a file can't be written, or what the folder holds is another run's.
    /// </exception>
    public RunResults Execute(Action<IReadOnlyList<ProfileEntry>, double>? profiled = null)
    {
        Checkpoint? from = LastCheckpoint();
        if (from is null)
        {
            // One that was killed before its first checkpoint has begun already.
            DateTimeOffset begun = File.Exists(directory.Config) ? directory.Begun(RunConfiguration.Read(directory.Config)) : DateTimeOffset.UtcNow;
            JsonFile.Write(directory.Config, new RunConfiguration(
                configuration, Versions.Current, device.Description.Title, data.Name, data.StandInReason, data.Files, RunConfiguration.TrainVerb,
                DateTimeOffset.FromUnixTimeSeconds(begun.ToUnixTimeSeconds())));
        }
        display.Note($"{configuration.Method} on {data.Name}: {data.Train.Count} training and {data.Test.Count} test images from {data.Origin}, "
            + $"on {device.Description.Title}");
        ClassifierDescription description = configuration.Classifier(data.Train);
        using Network classifier = description.Build(new Initializer(device, configuration.Seed, network: 0));
        using ProfilingDevice? profile = profiled is not null ? new ProfilingDevice(device) : null;
        RunMeter meter = new(from?.Progress.Cost, device);
        (CatastrophicOverfitting? overfitting, double evaluationsPerImage) = Train(classifier, from, meter, profile ?? device);
        if (profile is not null)
        {
            profiled!(profile.Entries, meter.TrainingSecondsHere * 1000);
        }
        interruption.EndAtOnce($"interrupted during the evaluation; the training is done and saved. {directory.HowToGoOn}");
        ModelFile.Write(directory.Model, classifier, new ModelOrigin(description, data.Name, configuration.Method, configuration.Recipe.Epsilon));
        RunResults figures = Evaluate(classifier);
        RunCost cost = meter.Cost;
        RunResults results = figures with
        {
            FirstStepSeconds = cost.FirstStepSeconds,
            SecondsPerEpoch = cost.TrainingSeconds * _context.StepsPerEpoch / _context.TotalSteps,
            GradientEvaluationsPerImage = evaluationsPerImage,
            SecondsTotal = cost.SecondsTotal,
            PeakMemoryBytes = cost.PeakMemoryBytes,
            PeakDeviceBytes = cost.PeakDeviceBytes,
            CatastrophicOverfitting = overfitting,
        };
        // Before the file that ends the run: a run that is killed in between goes on and shows its figures.
        follower.Complete(results);
        JsonFile.Write(directory.Results, results);
        directory.Finish();
        return results;
    }

    /// <summary>Trains to the last step, or ends with a sentence that says what to change.</summary>
    /// <returns>Catastrophic overfitting, if it was seen, and the mean of <see cref="TrainingMethod.GradientEvaluations"/> over all steps.</returns>
    private (CatastrophicOverfitting? Overfitting, double EvaluationsPerImage) Train(
        Network classifier, Checkpoint? from, RunMeter meter, IDevice stepDevice)
    {
        int first = from?.Progress.Step ?? 0, total = _context.TotalSteps;
        CheckpointWriter? checkpoints = null;
        try
        {
            using TrainingLog log = new(directory, first, follower);
            using TrainingMethod method = MethodDefinition.Create(_context.Method(stepDevice, classifier));
            if (from is not null)
            {
                CheckpointFile.Restore(from.Path, method.Learners);
            }
            OverfittingWatch overfitting = new(_context, classifier, method, from?.Progress.Overfitting);
            if (first < total)
            {
                checkpoints = new CheckpointWriter(_context, directory, from, interruption, method, log, meter, overfitting);
                AccuracyWatch accuracy = new(_context, classifier, log, display);
                display.Track($"Training ({configuration.Method})", total, advance =>
                {
                    ITrainingObserver[] observers = [log, new FiniteLossCheck(), new ProgressDisplay(advance), overfitting, accuracy, checkpoints];
                    new Trainer(_context, stepDevice, method, meter, observers).Run(first);
                });
            }
            return (overfitting.Found, Enumerable.Range(0, total).Average(step => method.GradientEvaluations(new StepPosition(step, total))));
        }
        catch (NonFiniteTrainingException exception)
        {
            display.Note("Repeating the steps since the last checkpoint, to find where the first NaN or infinity appeared");
            Setting? penalty = Setting.Of(configuration.Recipe.Method.GetType()).FirstOrDefault(setting => setting.Declaration.IsPenaltyWeight);
            string weight = penalty is null ? "" : $" or {penalty.Name()}";
            string where = NonFiniteSearch.Describe(_context, checkpoints?.Last, exception.Step);
            throw new UserErrorException($"{exception.Message}. {where} Try a smaller --learning-rate{weight}", exception);
        }
        catch (DeviceMemoryException exception)
        {
            int size = configuration.Recipe.BatchSize;
            string advice = size > 1 ? $"--batch-size {size / 2} needs about half as much" : "use a smaller --width or --depth";
            throw new UserErrorException($"{exception.Message}, with --batch-size {size}: {advice}", exception);
        }
    }

    /// <summary>The checkpoint that the folder's run continues from; null to start at the first step.</summary>
    private Checkpoint? LastCheckpoint()
    {
        Checkpoint? last = new Checkpoints(directory, configuration.Checkpoints.Keep).Newest(Warn);
        if (last is null)
        {
            return null;
        }
        TrainingProgress progress = last.Progress;
        if (progress.Run != _context.Fingerprint || progress.Step > _context.TotalSteps)
        {
            throw new UserErrorException(
                $"{last.Path} belongs to a run with other images or settings: use those of {directory.Config}, or start a new run");
        }
        if (progress.Device != device.Description.Title)
        {
            Warn($"this run was started on {progress.Device} and continues on {device.Description.Title}: "
                + "its results may differ from those of one device");
        }
        display.Note(progress.Step == _context.TotalSteps
            ? $"Resuming {directory.Folder}: its {_context.TotalSteps} training steps are done, the evaluation is not"
            : $"Resuming {directory.Folder} after step {progress.Step} of {_context.TotalSteps}");
        return last;
    }

    private static void Warn(string sentence) => Console.Error.WriteLine($"Note: {sentence}.");

    private RunResults Evaluate(Network classifier)
    {
        Recipe recipe = configuration.Recipe;
        Evaluator evaluator = new(new AttackedNetwork(device, classifier, data.Test.Shape, data.Test.ClassCount), data.Test);
        AttackFigures figures = new(new Dictionary<string, double>(), new Dictionary<string, Interval>(), new Dictionary<string, double>());
        int? nonFinite = null;
        try
        {
            Attack Named(string name) => AttackDefinition.Named(name, recipe.ThreatModel, data.Test.Channels, configuration.Seed);
            figures = AttackFigures.Measure(evaluator, [.. recipe.Attacks.Select(Named)], display);
        }
        catch (NonFiniteLogitsException exception)
        {
            // The training is done and its model saved: a run without accuracies.
            nonFinite = exception.Count;
        }
        IReadOnlyDictionary<string, double>? paper = data.IsStandIn ? null : PaperFigures.For(configuration.Dataset, configuration.Method);
        return new RunResults(data.Name, configuration.Method, configuration.Preset, configuration.Seed, device.Description.Title, data.Train.Count,
            data.Test.Count, classifier.ParameterCount, recipe.Epsilon, 0, 0, 0, 0, figures.Accuracy, figures.AccuracyInterval,
            figures.ZeroGradient, paper, data.Subset, NonFiniteLogits: nonFinite);
    }
}
