using System.Diagnostics;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>One run from its first batch to its last file: config.json, metrics.csv, model.safetensors, results.json.</summary>
public sealed class TrainingRun(TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display)
{
    /// <param name="profiling">Whether to print where the training steps' time went.</param>
    /// <exception cref="UserErrorException">The loss is no longer a number, or a file can't be written.</exception>
    public RunResults Execute(bool profiling = false)
    {
        Stopwatch total = Stopwatch.StartNew();
        JsonFile.Write(directory.Config, new RunConfiguration(configuration, Versions.Current, device.Description.Title, data.Name, data.StandInReason, data.Files));
        display.Note($"{configuration.Method} on {data.Name} ({data.Train.Count} + {data.Test.Count} images from {data.Origin}), {device.Description.Title}");
        ClassifierDescription description = configuration.Classifier(data.Train);
        using Network classifier = description.Build(new Initializer(device, configuration.Seed, network: 0));
        using ProfilingDevice? profile = profiling ? new ProfilingDevice(device) : null;
        Trainer trainer = new(configuration, device, data, classifier, display, profile);
        trainer.Run(directory.Metrics);
        if (profile is not null)
        {
            ProfileTable.Print(Terminal.Output, profile.Entries, trainer.TrainingSeconds * 1000);
        }
        ModelFile.Write(directory.Model, classifier, new ModelOrigin(description, data.Name, configuration.Method, configuration.Recipe.Epsilon));
        RunResults results = Evaluate(classifier) with
        {
            FirstStepSeconds = trainer.FirstStepSeconds,
            SecondsPerEpoch = trainer.SecondsPerEpoch,
            GradientEvaluationsPerImage = trainer.GradientEvaluationsPerImage,
            SecondsTotal = total.Elapsed.TotalSeconds,
        };
        JsonFile.Write(directory.Results, results);
        return results;
    }

    private RunResults Evaluate(Network classifier)
    {
        Recipe recipe = configuration.Recipe;
        Evaluator evaluator = new(device, classifier, data.Test, configuration.Seed);
        AttackFigures figures = AttackFigures.Measure(
            evaluator, [.. recipe.Attacks.Select(name => AttackCatalogue.Named(name, recipe.Epsilon, data.Test.Channels))], display);
        IReadOnlyDictionary<string, double>? paper = data.IsStandIn ? null : PaperFigures.For(configuration.Dataset, configuration.Method);
        return new RunResults(data.Name, configuration.Method, configuration.Preset, configuration.Seed, device.Description.Title, data.Train.Count,
            data.Test.Count, classifier.ParameterCount, recipe.Epsilon, 0, 0, 0, 0, figures.Accuracy, figures.AccuracyInterval, figures.ZeroGradient, paper,
            data.Subset);
    }
}
