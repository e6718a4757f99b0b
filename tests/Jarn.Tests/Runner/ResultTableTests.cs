using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Spectre.Console;

namespace Jarn.Tests.Runner;

public sealed class ResultTableTests
{
    private static readonly (string Dataset, string Method)[] Rows =
        [.. new[] { "mnist", "svhn", "cifar10" }.SelectMany(dataset => TestMethods.Names.Select(method => (dataset, method)))];

    [Test]
    public void The_papers_rows_are_under_attacks_that_its_recipe_runs()
    {
        int found = 0;
        foreach ((string dataset, string method) in Rows)
        {
            if (PaperFigures.For(dataset, method) is { } row)
            {
                Assert.That(row.Keys, Is.SubsetOf(
                    TrainingConfiguration.PresetRecipe(Preset.Paper, dataset, method).Attacks.Append(AttackFigures.Clean)), $"{method} on {dataset}");
                Assert.That(row.Values, Has.All.InRange(0, 100));
                found++;
            }
        }
        Assert.That(found, Is.GreaterThanOrEqualTo(7));
        Assert.That(PaperFigures.For("mnist-sketch", "jarn"), Is.Null);
    }

    [Test]
    public void The_papers_white_box_column_of_table_5_is_its_table_3()
    {
        foreach (string method in new[] { "jarn", "jarn-at1" })
        {
            foreach ((string attack, double accuracy) in PaperFigures.Transfer[(method, TransferSource.WhiteBox)])
            {
                Assert.That(PaperFigures.For("cifar10", method)![attack], Is.EqualTo(accuracy));
            }
        }
        Assert.That(PaperFigures.Transfer, Has.Count.EqualTo(6));
        Assert.That(PaperFigures.SecondsPerEpoch.Keys, Is.EqualTo(new[] { "pgd-at7", "jarn-at1", "fgsm-at1", "jarn" }));
    }

    [Test]
    public void A_row_without_the_papers_figure_stands_beside_rows_with_one()
    {
        string[] lines = Print(Results("mnist", ["clean", "fgsm", "fgsm-margin"], PaperFigures.For("mnist", "jarn")), null);
        Assert.That(
            Cells(lines, "Attack"), Is.EqualTo(new[] { "Attack", "Accuracy, %", "95 % interval", "Paper, %", "Difference", "Zero gradient, %" }));
        Assert.That(Cells(lines, "clean"), Is.EqualTo(new[] { "clean", "50.00", "49.02 to 50.98", "98.8", "-48.80", "" }));
        Assert.That(Cells(lines, "fgsm"), Is.EqualTo(new[] { "fgsm", "50.00", "49.02 to 50.98", "98.4", "-48.40", "12.50" }));
        Assert.That(Cells(lines, "fgsm-margin"), Is.EqualTo(new[] { "fgsm-margin", "50.00", "49.02 to 50.98", "-", "-", "12.50" }));
        Assert.That(
            lines, Has.Some.Contains("does not state its MNIST kernel size").And.Some.Contains("(-margin): ").And.Some.Contains("Zero gradient: "));
        Assert.That(lines, Has.Some.Contains("all 10000 test images").And.None.Contains("Wide-ResNet"));
    }

    [Test]
    public void Drawn_images_have_no_paper_beside_them()
    {
        string[] lines = Print(Results("mnist-sketch", ["clean", "fgsm"], null), "there is no network");
        Assert.That(Cells(lines, "Attack"), Is.EqualTo(new[] { "Attack", "Accuracy, %", "95 % interval", "Zero gradient, %" }));
        Assert.That(lines, Has.Some.Contains("NOT mnist").And.None.Contains("Wide-ResNet").And.None.Contains("kernel size"));
    }

    [Test]
    public void A_smaller_network_a_shorter_schedule_and_fewer_images_are_said()
    {
        Recipe small = TrainingConfiguration.PresetRecipe(Preset.Small, "cifar10", "jarn") with { LimitTest = 2000 };
        string[] lines = Print(Results("cifar10", ["clean", "pgd20"], PaperFigures.For("cifar10", "jarn")) with { TestExamples = 2000 }, null, small);
        Assert.That(lines, Has.Some.Contains("trains a Wide-ResNet-32-10 for 80000 steps of 128 images")
            .And.Some.Contains($"This run: {small.Network.Title}, {small.Steps} steps of {small.BatchSize}"));
        Assert.That(lines, Has.Some.Contains("the first 2000 test images only").And.None.Contains("kernel size"));
        lines = Print(Results("cifar10", ["clean"], PaperFigures.For("cifar10", "jarn")), null,
            TrainingConfiguration.PresetRecipe(Preset.Paper, "cifar10", "jarn"));
        Assert.That(lines, Has.None.Contains("This run: "));
    }

    [Test]
    public void The_authors_protocol_is_said_to_flatter_where_there_is_batch_norm([Values] bool hasBatchNorm)
    {
        RunResults run = Results("cifar10", ["clean", "pgd20"], null);
        EvaluationResults results = new(
            "runs/x", "pgd-at7", "cifar10", "cifar10", BatchStatistics.Batch, 0.03, 5, 0, "cpu", 10_000, run.Accuracy, run.AccuracyInterval,
            run.ZeroGradient, Source: "runs/y");
        string[] lines = Printed(console => ResultTable.Print(console, results, standsInFor: null, hasBatchNorm));
        Assert.That(lines, hasBatchNorm ? Has.Some.Contains("flatters") : Has.Some.Contains("has no batch norm"));
        Assert.That(lines, Has.Some.Contains("each of 5 random starts").And.Some.Contains("those of runs/y"));
        lines = Printed(console => ResultTable.Print(
            console, results with { BnMode = BatchStatistics.Running, Restarts = 1, Source = null }, "svhn", hasBatchNorm));
        Assert.That(
            lines, Has.Some.Contains("NOT svhn").And.None.Contains("flatters").And.None.Contains("Transfer").And.None.Contains("random starts"));
    }

    private static RunResults Results(string dataset, string[] attacks, IReadOnlyDictionary<string, double>? paper) => new(
        dataset, "jarn", Preset.Small, 0, "cpu", 60_000, 10_000, 1, 0.3, 1, 1, 1, 1, attacks.ToDictionary(attack => attack, _ => 50.0),
        attacks.ToDictionary(attack => attack, _ => Interval.OfShare(5000, 10_000)),
        attacks.Where(attack => attack != "clean").ToDictionary(attack => attack, _ => 12.5), paper);

    private static string[] Print(RunResults results, string? standInReason, Recipe? recipe = null)
    {
        TrainingConfiguration configuration = new TrainOptions().Resolve(DeviceKind.Cpu);
        return Printed(console => ResultTable.Print(console, results, configuration with { Recipe = recipe ?? configuration.Recipe }, standInReason));
    }

    private static string[] Printed(Action<IAnsiConsole> print)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 300;
        print(console);
        return text.ToString().Split('\n');
    }

    private static string[] Cells(string[] lines, string first) =>
        [.. lines.Select(line => line.Split('│', StringSplitOptions.TrimEntries)).Single(cells => cells.Length > 1 && cells[1] == first)[1..^1]];
}
