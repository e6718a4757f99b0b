using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn evaluate</c>: a saved classifier, images, attacks, table, file.</summary>
public static class EvaluateCommand
{
    public static int Run(EvaluateOptions options)
    {
        CommandLineInterface.RefuseStrays(options.Strays);
        int restarts = OptionValue.Within("--restarts", options.Restarts, 1, 1000);
        int? limit = options.LimitTest is int count ? OptionValue.AtLeastOne("--limit-test", count) : null;
        BatchStatistics statistics = OptionValue.Choice("--bn-mode", options.BatchNormMode, "batch", "running") ? BatchStatistics.Batch : BatchStatistics.Running;
        string? output = options.Output is null ? null : OptionValue.NewFile("--output", options.Output);
        using IDevice device = DeviceChoice.Of(options).Open();
        (Network classifier, ModelOrigin origin) = ModelFile.Read(options.Checkpoint, device);
        using Network measured = classifier;
        (Network Classifier, ModelOrigin Origin)? other = options.Source is null ? null : ModelFile.Read(options.Source, device);
        using Network? source = other?.Classifier;

        (DatasetSource images, DataChoice choice) = Images(options, origin);
        double epsilon = options.Epsilon is null ? origin.Epsilon : OptionValue.Epsilon("--epsilon", options.Epsilon);
        IReadOnlyList<string> names = options.Attacks is null ? Presets.Recipe(Preset.Paper, images.Name).Attacks : AttackCatalogue.Names(options.Attacks);

        IDisplay display = Display.For(options.Quiet);
        // The least that a request can do without.
        Dataset data = DatasetOpening.Open(new DatasetRequest(images, choice, TrainLimit: 1, limit), options.DataDirectory, display);
        RequireFit(origin.Description, options.Checkpoint, data);
        if (other is not null)
        {
            RequireFit(other.Value.Origin.Description, options.Source!, data);
        }
        if (data.StandInReason is not null)
        {
            Console.Error.WriteLine($"Note: {data.StandInReason}.");
        }
        display.Note($"{origin.Method} of {options.Checkpoint} on {data.Name} ({data.Test.Count} images from {data.Origin}), {device.Description.Title}");
        AttackFigures figures = AttackFigures.Measure(
            new Evaluator(device, classifier, data.Test, options.Seed, statistics),
            [.. names.Select(name => AttackCatalogue.Named(name, epsilon, data.Test.Channels))], display, restarts, source);
        EvaluationResults results = new(
            options.Checkpoint, origin.Method, origin.Dataset, data.Name, statistics, epsilon, restarts, options.Seed, device.Description.Title,
            data.Test.Count, figures.Accuracy, figures.AccuracyInterval, figures.ZeroGradient, options.Source, limit);
        ResultTable.Print(Terminal.Output, results, data.IsStandIn ? images.Name : null, hasBatchNorm: classifier.RunningStatistics.Count > 0);
        if (output is not null)
        {
            JsonFile.Write(output, results);
        }
        return 0;
    }

    /// <summary>What was asked for, or what the classifier was trained on: drawn images again where those were drawn.</summary>
    private static (DatasetSource Source, DataChoice Choice) Images(EvaluateOptions options, ModelOrigin origin)
    {
        DataChoice choice = OptionValue.Named<DataChoice>("--data", options.Data);
        string name = options.Dataset ?? origin.Dataset;
        return DatasetSource.All.FirstOrDefault(source => source.StandIn?.DatasetName == name) is DatasetSource drawn
            ? (drawn, choice == DataChoice.Auto ? DataChoice.Sketch : choice)
            : (DatasetSource.Named(name), choice);
    }

    private static void RequireFit(ClassifierDescription classifier, string path, Dataset data)
    {
        ImageSet images = data.Test;
        if ((classifier.Height, classifier.ImageWidth, classifier.Channels, classifier.Classes) != (images.Height, images.Width, images.Channels, images.ClassCount))
        {
            throw new UserErrorException(
                $"the classifier of {path} tells {classifier.Classes} classes of {classifier.Height}×{classifier.ImageWidth}×{classifier.Channels} pixels apart, and "
                + $"{data.Name} has {images.ClassCount} of {images.Height}×{images.Width}×{images.Channels}: give another --dataset");
        }
    }
}
