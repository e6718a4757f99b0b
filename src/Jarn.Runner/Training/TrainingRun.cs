using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Reports.TensorBoard;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>One run from its first batch, or from where it was left, to its last file: config.json, metrics.csv, model.safetensors, results.json.</summary>
public sealed class TrainingRun(
    TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display, Interruption interruption,
    bool tensorBoard = false)
{
    /// <param name="profiling">Whether to print where the training steps' time went.</param>
    /// <exception cref="RunInterruptedException">The run was asked to stop.</exception>
    /// <exception cref="UserErrorException">The loss is no longer a number, a file can't be written, or what the folder holds is another run's.</exception>
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
        display.Note($"{configuration.Method} on {data.Name} ({data.Train.Count} + {data.Test.Count} images from {data.Origin}), {device.Description.Title}");
        ClassifierDescription description = configuration.Classifier(data.Train);
        using Network classifier = description.Build(new Initializer(device, configuration.Seed, network: 0));
        using ProfilingDevice? profile = profiling ? new ProfilingDevice(device) : null;
        Trainer trainer = new(context, classifier, directory, from, interruption, display, profile, tensorBoard);
        trainer.Run();
        if (profile is not null)
        {
            ProfileTable.Print(Terminal.Output, profile.Entries, trainer.Meter.TrainingSecondsHere * 1000);
        }
        interruption.EndAtOnce($"interrupted after the training, which is saved: {directory.HowToGoOn} with the evaluation");
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
        if (tensorBoard)
        {
            // Before the file that ends the run: a run that is killed in between goes on and shows its figures.
            RunEvents.Write(directory, results, []);
        }
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
                $"{last.Path} was written with other images or settings than those at hand: give what {directory.Config} names, or begin a new run");
        }
        if (progress.Device != device.Description.Title)
        {
            Warn($"{directory.Folder} was computed on {progress.Device} and goes on on {device.Description.Title}: its figures are not those of either alone");
        }
        display.Note($"{directory.Folder} goes on after step {progress.Step} of {context.TotalSteps}");
        return last;
    }

    private static void Warn(string sentence) => Console.Error.WriteLine($"Note: {sentence}.");

    private RunResults Evaluate(Network classifier)
    {
        Recipe recipe = configuration.Recipe;
        Evaluator evaluator = new(device, classifier, data.Test, configuration.Seed);
        AttackFigures figures = new(new Dictionary<string, double>(), new Dictionary<string, Interval>(), new Dictionary<string, double>());
        int? nonFinite = null;
        try
        {
            figures = AttackFigures.Measure(
                evaluator, [.. recipe.Attacks.Select(name => AttackCatalogue.Named(name, recipe.Epsilon, data.Test.Channels))], display);
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
