using System.Globalization;
using Jarn.Runner.Training;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>What a run ends with: its accuracies beside the paper's, and what keeps the two apart.</summary>
public static class ResultTable
{
    public static void Print(IAnsiConsole console, RunResults results, TrainingConfiguration configuration, string? standInReason)
    {
        Table table = new() { Title = new TableTitle(Markup.Escape($"{results.Method} on {results.Dataset}, ε = {Number(results.Epsilon, "0.####")}")) };
        table.AddColumns(new TableColumn("Attack"), Right("This run, %"), Right("Paper, %"), Right("Difference"), Right("Zero gradient, %"));
        foreach ((string attack, double accuracy) in results.Accuracy)
        {
            double? paper = results.Paper?.TryGetValue(attack, out double figure) == true ? figure : null;
            table.AddRow(
                attack,
                Number(accuracy, "0.00"),
                paper is double reference ? Number(reference, "0.0#") : "-",
                paper is double other ? Number(accuracy - other, "+0.00;-0.00;0.00") : "-",
                results.ZeroGradient.TryGetValue(attack, out double share) ? Number(share, "0.00") : "");
        }
        console.Write(table);
        foreach (string line in Remarks(results, configuration, standInReason))
        {
            console.WriteLine($"- {line}");
        }
    }

    private static IEnumerable<string> Remarks(RunResults results, TrainingConfiguration configuration, string? standInReason)
    {
        if (standInReason is not null)
        {
            yield return $"Drawn images, NOT {configuration.Dataset}: these figures say nothing about it, and the paper's are not set beside them.";
        }
        yield return $"{results.TrainExamples} training and {results.TestExamples} test images, {Length(configuration.Recipe)}, "
            + $"{Number(results.SecondsPerEpoch, "0.0")} s an epoch on {results.Device}.";
        if (results.Paper is not null)
        {
            yield return "The paper does not state its MNIST kernel size, activation, optimiser, epochs or PGD step; here: 5, ReLU, Adam "
                + $"{Number(configuration.Recipe.LearningRate, "0.######")}, {Length(configuration.Recipe)}, max(0.01, 2.5ε/k); pixels scaled to [0, {Number(configuration.Recipe.InputScale, "0.##")}].";
        }
        if (results.ZeroGradient.Values.Any(share => share > 0))
        {
            yield return "Zero gradient: images whose input gradient was exactly zero when the attack began. "
                + "A gradient attack can't move them; surviving it is no sign of robustness.";
        }
        if (results.Method == "jarn")
        {
            yield return "JARN is no certified defence: an independent evaluation (RobustBench, AutoAttack) left its CIFAR-10 model 0.26 %.";
        }
    }

    private static string Length(Recipe recipe) => recipe.Steps is int steps ? $"{steps} steps" : recipe.Epochs == 1 ? "1 epoch" : $"{recipe.Epochs} epochs";

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
