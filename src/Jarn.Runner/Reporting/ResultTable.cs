using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Prints accuracies, those of the paper beside them, and how far they can be trusted.</summary>
public static class ResultTable
{
    /// <summary>Prints the results at the end of a run.</summary>
    /// <param name="configuration">The settings of the run.</param>
    /// <param name="standInReason">Why drawn images stood in; null for real ones.</param>
    public static void Print(IAnsiConsole console, RunResults results, TrainingConfiguration configuration, string? standInReason)
    {
        AttackFigures figures = new(results.Accuracy, results.AccuracyInterval, results.ZeroGradient);
        Print(console, Title(results.Method, results.Dataset, results.Epsilon), figures, results.Paper,
            Remarks.OfRun(results, configuration, standInReason));
    }

    /// <summary>Prints the results at the end of an evaluation.</summary>
    /// <param name="standsInFor">The data set that drawn images stood in for; null for real ones.</param>
    /// <param name="hasBatchNorm">Whether the classifier has batch norm, so that its statistics matter.</param>
    public static void Print(IAnsiConsole console, EvaluationResults results, string? standsInFor, bool hasBatchNorm)
    {
        AttackFigures figures = new(results.Accuracy, results.AccuracyInterval, results.ZeroGradient);
        Print(console, Title(results.Method, results.Dataset, results.Epsilon), figures, paper: null,
        [
            standsInFor is null ? null : Remarks.NotReal(standsInFor, ""),
            $"{results.Checkpoint}, measured on {Remarks.Images(results.TestExamples, results.LimitTest)}. Device: {results.Device}.",
            results.TrainedOn == results.Dataset ? null : $"Trained on {results.TrainedOn}, measured on {results.Dataset}.",
            results.Source is null ? null
                : $"Transfer attack: the gradients, and the share of zero gradients, are those of {results.Source}. "
                    + "White-box attacks are usually stronger.",
            results.Restarts == 1
                ? null
                : $"An image counts as robust only if it survives each of {results.Restarts} random starts. FGSM has one start.",
            results.BnMode == BatchStatistics.Running ? null : hasBatchNorm
                ? "Batch norm used the statistics of the attacked batch, for attacks and predictions, as the authors' release does. "
                    + "This flatters the accuracy: a deployed classifier has no such batch. For honest figures use --bn-mode running."
                : "This classifier has no batch norm, so --bn-mode makes no difference.",
            .. Remarks.Worth([.. figures.Accuracy.Keys], figures.ZeroGradient.Values, [results.Method]),
        ]);
    }

    private static void Print(
        IAnsiConsole console, string title, AttackFigures figures, IReadOnlyDictionary<string, double>? paper, IEnumerable<string?> remarks)
    {
        TextColumn[] beside = paper is null ? [] : [Right("Paper, %"), Right("Difference")];
        TextTable table = new(["Attack", Right("Accuracy, %"), Right("95 % interval"), .. beside, Right("Zero gradient, %")]) { Title = title };
        foreach ((string attack, double accuracy) in figures.Accuracy)
        {
            Interval interval = figures.AccuracyInterval[attack];
            table.AddRow(
            [
                attack, Titles.Accuracy(accuracy), Titles.Interval(interval),
                .. paper is null ? [] : Beside(accuracy, paper, attack),
                figures.ZeroGradient.TryGetValue(attack, out double share) ? Titles.Accuracy(share) : "",
            ]);
        }
        if (figures.Accuracy.Count > 0)
        {
            console.Write(table);
        }
        foreach (string remark in remarks.OfType<string>())
        {
            console.Write(new TextLines($"- {remark}", indent: 2));
        }
    }

    private static string[] Beside(double accuracy, IReadOnlyDictionary<string, double> paper, string attack) =>
        paper.TryGetValue(attack, out double figure)
            ? [Titles.Number(figure, "0.0#"), Titles.Number(accuracy - figure, "+0.00;-0.00;0.00")]
            : ["-", "-"];

    private static string Title(string method, string dataset, double epsilon) => $"{method} on {dataset}, ε = {Titles.Epsilon(epsilon)}";

    private static TextColumn Right(string header) => new(header, IsNumber: true);
}
