using System.Globalization;
using Jarn.Runner.Auditing;
using Jarn.Runner.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>What an audit ends with: the ladder, the checks, the saliency, and the whole in a sentence.</summary>
public static class AuditTable
{
    public static void Print(IAnsiConsole console, AuditResults results)
    {
        TextTable ladder = new("Attack", Right("Accuracy, %"), Right("95 % interval"), Right("Passes an image, forward"), Right("backward"))
        {
            Title = $"{results.Method} on {results.Dataset}, ε = {Titles.Epsilon(results.Epsilon)}, {results.Examples} images",
        };
        foreach (Rung rung in results.Findings.Ladder)
        {
            ladder.AddRow(
                AuditTitles.Rung(rung.Name), Number(rung.Accuracy, "0.00"), $"{Number(rung.AccuracyInterval.Low, "0.00")} to {Number(rung.AccuracyInterval.High, "0.00")}",
                Number(rung.Forward, "0.#"), Number(rung.Backward, "0.#"));
        }
        console.Write(ladder);

        TextTable checks = new("Check", "", "Verdict") { Title = "Can these figures be trusted?" };
        foreach (CheckResult check in results.Findings.Checks)
        {
            checks.AddRow(check.Name, new TextCell(check.Outcome.ToString().ToLowerInvariant(), Colour(check.Outcome)), check.Verdict);
        }
        console.Write(checks);
        foreach (string remark in AuditTitles.Remarks(results))
        {
            console.Write(new TextLines($"- {remark}", indent: 2));
        }
        console.Write(new TextLines(results.Verdict));
    }

    private static Style Colour(Outcome outcome) => outcome switch
    {
        Outcome.Passed => new Style(Color.Green),
        Outcome.Doubtful => new Style(Color.Yellow),
        Outcome.Failed => new Style(Color.Red),
        _ => new Style(Color.Grey),
    };

    private static TextColumn Right(string header) => new(header, IsNumber: true);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
