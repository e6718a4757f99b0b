using System.Globalization;
using Jarn.Runner.Auditing;
using Jarn.Runner.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>What an audit ends with: the ladder, the checks, the saliency and the verdict.</summary>
public static class AuditTable
{
    public static void Print(IAnsiConsole console, AuditResults results)
    {
        Table ladder = new() { Title = new TableTitle(Markup.Escape($"{results.Method} on {results.Dataset}, ε = {Titles.Epsilon(results.Epsilon)}, {results.Examples} images")) };
        ladder.AddColumns(new TableColumn("Attack"), Right("Accuracy, %"), Right("95 % interval"), Right("Forward passes per image"), Right("Backward passes per image"));
        foreach (Rung rung in results.Findings.Ladder)
        {
            ladder.AddRow(
                AuditTitles.Rung(rung.Name), Number(rung.Accuracy, "0.00"), $"{Number(rung.AccuracyInterval.Low, "0.00")} to {Number(rung.AccuracyInterval.High, "0.00")}",
                Number(rung.Forward, "0.#"), Number(rung.Backward, "0.#"));
        }
        console.Write(ladder);

        Table checks = new() { Title = new TableTitle("Can these figures be trusted?") };
        checks.AddColumns(new TableColumn("Check").NoWrap(), new TableColumn("Result").NoWrap(), new TableColumn("Finding"));
        foreach (CheckResult check in results.Findings.Checks)
        {
            checks.AddRow(new Markup(check.Name), new Markup(AuditTitles.Outcome(check.Outcome), Colour(check.Outcome)), new Markup(Markup.Escape(check.Verdict)));
        }
        console.Write(checks);
        foreach (string remark in AuditTitles.Remarks(results))
        {
            console.WriteLine($"- {remark}");
        }
        AuditVerdict verdict = results.Verdict;
        console.Write(new Markup(Markup.Escape($"{verdict.Headline}: "), Colour(verdict.Outcome).Decoration(Decoration.Bold)));
        console.WriteLine(verdict.Text);
    }

    private static Style Colour(Outcome outcome) => outcome switch
    {
        Outcome.Passed => new Style(Color.Green),
        Outcome.Doubtful => new Style(Color.Yellow),
        Outcome.Failed => new Style(Color.Red),
        _ => new Style(Color.Grey),
    };

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
