using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Training;

namespace Jarn.Runner.Reproduction;

/// <summary>On what images, by which recipe and with how many seeds a target's figures came about: what keeps them and the paper's apart.</summary>
public sealed class Circumstances
{
    private readonly TrainingConfiguration _run;
    private readonly string _training, _seeds, _spread;

    /// <param name="laboratory">Has the images.</param>
    /// <param name="model">One of the target's models, with the recipe that they share.</param>
    public Circumstances(Laboratory laboratory, Model model)
    {
        TrainingConfiguration run = _run = model.Runs[0];
        Dataset data = laboratory.Data(run);
        IsStandIn = data.IsStandIn;
        DatasetSource source = DatasetSource.Named(run.Dataset);
        Data = IsStandIn
            ? $"{data.Name}: drawn images, NOT {source.Title}; {Titles.Count(data.Train.Count)} for training, {Titles.Count(data.Test.Count)} for tests"
            : $"{source.Title}: {Share(data.Train.Count, source.TrainCount)} training images, {Share(data.Test.Count, source.TestCount)} test images";
        _training = $"preset {Titles.Preset(run.Preset)}: {Network(run.Classifier(data.Train))}, "
            + $"{Reports.Remarks.Length(run.Recipe)}, {run.Recipe.BatchSize} images a step";
        _seeds = model.Runs.Count == 1 ? $"seed {run.Seed}" : $"seeds {run.Seed} to {model.Runs[^1].Seed}";
        _spread = model.Runs.Count == 1 ? "95 % interval over the test images" : "± standard deviation over the seeds";
    }

    /// <summary>Whether drawn images stand in: the paper's figures have no place beside theirs.</summary>
    public bool IsStandIn { get; }

    /// <summary>Which images, and how many.</summary>
    public string Data { get; }

    /// <summary>For a page.</summary>
    public IEnumerable<string> Lines => [$"Data: {Data}.", $"Training, {_training}; {_seeds}."];

    /// <summary>For the head of a picture.</summary>
    public IReadOnlyList<string> Subtitle => [Data, $"{_training}; {_seeds}"];

    /// <summary>For the head of a chart with whiskers.</summary>
    public IReadOnlyList<string> ChartSubtitle => [.. Subtitle, Whiskers];

    /// <summary>What they reach over.</summary>
    public string Whiskers => $"Whiskers: {_spread}";

    /// <summary>What a table's entries are worth, and what keeps them and the paper's apart.</summary>
    public IEnumerable<string> Remarks(IReadOnlyCollection<Entry> entries)
    {
        if (IsStandIn)
        {
            yield return "Drawn images stood in: these figures say nothing about real ones, and the paper's are not set beside them.";
        }
        if (entries.Any(entry => entry.Paper is not null) && Reports.Remarks.Deviations(_run.Dataset, _run.Recipe) is string deviations)
        {
            yield return deviations;
        }
        foreach (string remark in Reports.Remarks.Worth(
            entries.Select(entry => entry.Attack.Name), entries.Select(entry => entry.ZeroGradient), entries.Select(entry => entry.Model.Method)))
        {
            yield return remark;
        }
    }

    private static string Share(int used, int official) => used == official ? $"all {Titles.Count(official)}" : $"{Titles.Count(used)} of {Titles.Count(official)}";

    private static string Network(ClassifierDescription network) =>
        (network.Kind == ClassifierKind.MnistCnn ? "three convolutions of stride 5" : $"Wide-ResNet of width {network.Width} and depth {network.Depth}")
        + (network.Activation is Activation activation ? $" with {OptionValue.Word(activation)}" : "");
}
