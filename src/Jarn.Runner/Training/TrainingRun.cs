using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Reports.TensorBoard;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>One run from its first batch, or from where it was left, to its last file: config.json, metrics.csv, model.safetensors, results.json.</summary>
public sealed class TrainingRun(
    TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display, Interruption interruption,
    bool tensorBoard = false)
{
    private readonly OptionalOutput _tensorBoard = new(
        tensorBoard, $"The run continues without TensorBoard's file. To write it later: jarn report --checkpoint {ShellPath.Quoted(directory.Folder)}");

    /// <summary>Whether TensorBoard's file is wanted and could be written so far.</summary>
    public bool HasTensorBoard => _tensorBoard.IsWanted;

    /// <param name="profiling">Whether to print where the training steps' time went.</param>
    /// <exception cref="RunInterruptedException">The run was asked to stop.</exception>
    /// <exception cref="UserErrorException">The loss became NaN or infinite, a file can't be written, or what the folder holds is another run's.</exception>
    public RunResults Execute(bool profiling = false)
    {
        TrainingContext context = new(configuration, device, data);
        Checkpoint? from = LastCheckpoint(context);
        if (from is null)
        {
            // One that was killed before its first checkpoint has begun already.
            DateTimeOffset begun = File.Exists(directory.Config) ? directory.Begun(RunConfiguration.Read(directory.Config)) : DateTimeOffset.UtcNow;
            JsonFile.Write(directory.Config, new RunConfiguration(
                configuration, Versions.Current, device.Description.Title, data.Name, data.StandInReason, data.Files, RunConfiguration.TrainVerb,
                DateTimeOffset.FromUnixTimeSeconds(begun.ToUnixTimeSeconds())));
        }
        display.Note($"{configuration.Method} on {data.Name}: {data.Train.Count} training and {data.Test.Count} test images from {data.Origin}, on {device.Description.Title}");
        ClassifierDescription description = configuration.Classifier(data.Train);
        using Network classifier = description.Build(new Initializer(device, configuration.Seed, network: 0));
        using ProfilingDevice? profile = profiling ? new ProfilingDevice(device) : null;
        Trainer trainer = new(context, classifier, directory, from, interruption, display, _tensorBoard, profile);
        trainer.Run();
        if (profile is not null)
        {
            ProfileTable.Print(Terminal.Output, profile.Entries, trainer.Meter.TrainingSecondsHere * 1000);
        }
        interruption.EndAtOnce($"interrupted during the evaluation; the training is done and saved. {directory.HowToGoOn}");
        ModelFile.Write(directory.Model, classifier, new ModelOrigin(description, data.Name, configuration.Method, configuration.Recipe.Epsilon));
        RunResults figures = Evaluate(classifier);
        RunCost cost = trainer.Meter.Cost;
        RunResults results = figures with
        {
            FirstStepSeconds = cost.FirstStepSeconds,
            SecondsPerEpoch = cost.TrainingSeconds * context.StepsPerEpoch / context.TotalSteps,
            GradientEvaluationsPerImage = trainer.GradientEvaluationsPerImage,
            SecondsTotal = cost.SecondsTotal,
            PeakMemoryBytes = cost.PeakMemoryBytes,
            PeakDeviceBytes = cost.PeakDeviceBytes,
            CatastrophicOverfitting = trainer.Overfitting,
        };
        // Before the file that ends the run: a run that is killed in between goes on and shows its figures.
        _tensorBoard.Try(() => RunEvents.Write(directory, results, []));
        JsonFile.Write(directory.Results, results);
        directory.Finish();
        return results;
    }

    /// <summary>Where the folder's run goes on; null for its first step.</summary>
    private Checkpoint? LastCheckpoint(TrainingContext context)
    {
        Checkpoint? last = new Checkpoints(directory, configuration.Checkpoints.Keep).Newest(Warn);
        if (last is null)
        {
            return null;
        }
        TrainingProgress progress = last.Progress;
        if (progress.Run != context.Fingerprint || progress.Step > context.TotalSteps)
        {
            throw new UserErrorException(
                $"{last.Path} belongs to a run with other images or settings: use those of {directory.Config}, or start a new run");
        }
        if (progress.Device != device.Description.Title)
        {
            Warn($"this run was started on {progress.Device} and continues on {device.Description.Title}: its results may differ from those of one device");
        }
        display.Note(progress.Step == context.TotalSteps ? $"Resuming {directory.Folder}: its {context.TotalSteps} training steps are done, the evaluation is not"
            : $"Resuming {directory.Folder} after step {progress.Step} of {context.TotalSteps}");
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
            figures = AttackFigures.Measure(
                evaluator, [.. recipe.Attacks.Select(name => AttackCatalogue.Named(name, recipe.ThreatModel, data.Test.Channels, configuration.Seed))], display);
        }
        catch (NonFiniteLogitsException exception)
        {
            // The training is done and its model saved: a run without accuracies.
            nonFinite = exception.Count;
        }
        IReadOnlyDictionary<string, double>? paper = data.IsStandIn ? null : PaperFigures.For(configuration.Dataset, configuration.Method);
        return new RunResults(data.Name, configuration.Method, configuration.Preset, configuration.Seed, device.Description.Title, data.Train.Count,
            data.Test.Count, classifier.ParameterCount, recipe.Epsilon, 0, 0, 0, 0, figures.Accuracy, figures.AccuracyInterval, figures.ZeroGradient, paper,
            data.Subset, NonFiniteLogits: nonFinite);
    }
}
