using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn evaluate</c>: measures the accuracy of a saved classifier under attacks.</summary>
public static class EvaluateCommand
{
    public static int Run(EvaluateOptions options)
    {
        int restarts = OptionValue.Within("--restarts", options.Restarts, 1, 1000);
        int? limit = options.LimitTest is int count ? OptionValue.AtLeastOne("--limit-test", count) : null;
        BatchStatistics statistics = OptionValue.Choice("--bn-mode", options.BatchNormMode, "batch", "running")
            ? BatchStatistics.Batch
            : BatchStatistics.Running;
        string? output = options.Output is null ? null : OptionValue.NewFile("--output", options.Output, ".json");
        using IDevice device = DeviceChoice.Of(options).Open();
        (Network classifier, ModelOrigin origin) = ModelFile.Read(options.Checkpoint, device);
        using Network measured = classifier;
        Heeding.Require(options, classifier);
        (Network Classifier, ModelOrigin Origin)? other = options.Source is null ? null : ModelFile.Read(options.Source, device);
        using Network? source = other?.Classifier;

        double epsilon = options.Epsilon is null ? origin.Epsilon : OptionValue.Epsilon("--epsilon", options.Epsilon);
        IReadOnlyList<string>? asked = options.Attacks is null ? null : AttackNames.Of(options.Attacks);

        IDisplay display = Display.For(options.Quiet);
        (IDatasetProvider images, Dataset data) = EvaluationData.Load(options.Checkpoint, origin, options.Dataset, options, limit, display);
        IReadOnlyList<string> names = asked
            ?? TrainingConfiguration.PresetRecipe(Preset.Paper, images.Name, StandardTraining.Definition.Name).Attacks;
        ThreatModel threat = ThreatModel.LInf(epsilon);
        Attack[] attacks = [.. names.Select(name => AttackDefinition.Named(name, threat, data.Test.Channels, options.Seed, restarts))];
        Heeding.Require(
            typeof(EvaluateOptions), options.Typed, "attack",
            attacks.Any(attack => attack.StartsAtRandom) ? Heeding.WithRandomStart : Heeding.WithoutRandomStart);
        EvaluationData.RequireFit(origin.Description, options.Checkpoint, data);
        if (other is not null)
        {
            EvaluationData.RequireFit(other.Value.Origin.Description, options.Source!, data);
        }
        display.Note(
            $"{origin.Method} of {options.Checkpoint} on {data.Name} ({data.Test.Count} images from {data.Origin}), {device.Description.Title}");
        AttackFigures figures = AttackFigures.Measure(
            new Evaluator(Attacked(classifier), data.Test), attacks, display, source is null ? null : Attacked(source));
        EvaluationResults results = new(
            options.Checkpoint, origin.Method, origin.Dataset, data.Name, statistics, epsilon, restarts, options.Seed, device.Description.Title,
            data.Test.Count, figures.Accuracy, figures.AccuracyInterval, figures.ZeroGradient, options.Source, limit);
        ResultTable.Print(Terminal.Output, results, data.IsStandIn ? images.Name : null, hasBatchNorm: classifier.RunningStatistics.Count > 0);
        if (output is not null)
        {
            JsonFile.Write(output, results);
        }
        return 0;

        AttackedNetwork Attacked(Network network) => new(device, network, data.Test.Shape, data.Test.ClassCount, statistics);
    }
}
