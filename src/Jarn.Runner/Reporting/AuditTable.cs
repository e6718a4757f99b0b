using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Reporting.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Prints the result of an audit: the ladder, the checks, the saliency and the verdict.</summary>
public static class AuditTable
{
    public static void Print(IAnsiConsole console, AuditResults results)
    {
        TextTable ladder = new(
            "Attack", Right("Accuracy, %"), Right("95 % interval"), Right("Forward passes per image"), Right("Backward passes per image"))
        {
            Title = $"{results.Method} on {results.Dataset}, ε = {Titles.Epsilon(results.Epsilon)}, {results.Examples} images",
        };
        foreach (Rung rung in results.Findings.Ladder)
        {
            ladder.AddRow(
                AuditTitles.Rung(rung.Name), Titles.Accuracy(rung.Accuracy), Titles.Interval(rung.AccuracyInterval),
                Titles.Number(rung.Forward, "0.#"), Titles.Number(rung.Backward, "0.#"));
        }
        console.Write(ladder);

        TextTable checks = new("Check", "Result", "Finding") { Title = "Can these figures be trusted?" };
        foreach (CheckResult check in results.Findings.Checks)
        {
            checks.AddRow(check.Name, new TextCell(AuditTitles.Outcome(check.Outcome), Colour(check.Outcome)), check.Verdict);
        }
        console.Write(checks);
        foreach (string remark in AuditTitles.Remarks(results))
        {
            console.Write(new TextLines($"- {remark}", indent: 2));
        }
        AuditVerdict verdict = results.Verdict;
        console.Write(new TextLines($"{verdict.Headline}: {verdict.Text}", style: Colour(verdict.Outcome)));
    }

    private static Style Colour(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => new Style(Color.Green),
        CheckOutcome.Doubtful => new Style(Color.Yellow),
        CheckOutcome.Failed => new Style(Color.Red),
        _ => new Style(Color.Grey),
    };

    private static TextColumn Right(string header) => new(header, IsNumber: true);
}
