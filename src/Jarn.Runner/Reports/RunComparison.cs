using System.Globalization;
using Jarn.Models;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Runs;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>Finished runs side by side: the settings in which they differ, their accuracies, and whether those differ by more than chance.</summary>
public static class RunComparison
{
    private const string Absent = "-";

    /// <param name="console">Where to print.</param>
    /// <param name="runs">Two or more.</param>
    /// <exception cref="UserErrorException">One is not finished, or their figures are of different images.</exception>
    public static void Print(IAnsiConsole console, IReadOnlyList<RunOverview> runs)
    {
        (RunOverview Run, RunConfiguration Configuration, RunResults Results)[] finished =
            [.. runs.Select(run => run is { Configuration: { } configuration, Results: { } results } ? (run, configuration, results) : throw Unfinished(run))];
        RunResults[] figures = [.. finished.Select(run => run.Results)];
        if (Array.Find(finished, run => run.Results.Dataset != figures[0].Dataset) is { Results: not null } other)
        {
            throw new UserErrorException(
                $"{runs[0].Directory.Folder} was measured on {figures[0].Dataset} and {other.Run.Directory.Folder} on {other.Results.Dataset}, "
                + "and figures of different images can't be set side by side: give runs on one data set");
        }
        RunConfiguration[] configurations = [.. finished.Select(run => run.Configuration)];
        string[] names = [.. runs.Select(run => run.Directory.Folder)];
        IReadOnlyList<string[]> settings = Differences(configurations);
        Write(console, "Settings that differ", ["Setting", .. names], settings);
        bool sameSize = figures.All(results => results.Epsilon == figures[0].Epsilon);
        string[] attacks = [.. figures.SelectMany(results => results.Accuracy.Keys).Distinct()];
        Write(console, $"Accuracy on {figures[0].Dataset}, %, with 95 % intervals", ["Attack", .. names, "Difference"],
            [.. attacks.Select(attack => (string[])[attack, .. figures.Select(results => Cell(results, attack)), Verdict(figures, attack, sameSize)])]);
        foreach (string remark in Remarks(configurations, figures, sameSize, settings.Count))
        {
            console.WriteLine($"- {remark}");
        }
    }

    /// <summary>Rows of a setting's name and its value in each run; when a run began and where its data lay are no settings.</summary>
    private static List<string[]> Differences(RunConfiguration[] configurations)
    {
        Dictionary<string, string>[] settings = [.. configurations.Select(configuration => ConfigurationRows.Of(configuration with { Begun = null, Data = [] })
            .SelectMany(group => group.Rows.Select(row => (Name: group.Title is null ? row.Name : $"{group.Title}: {row.Name}", row.Value)))
            .ToDictionary(row => row.Name, row => row.Value))];
        return [.. settings.SelectMany(run => run.Keys).Distinct()
            .Select(name => (string[])[name, .. settings.Select(run => run.GetValueOrDefault(name, Absent))]).Where(row => row[1..].Distinct().Count() > 1)];
    }

    private static string Cell(RunResults results, string attack)
    {
        if (!results.Accuracy.TryGetValue(attack, out double accuracy))
        {
            return Absent;
        }
        string interval = results.AccuracyInterval.TryGetValue(attack, out Interval found) ? $" ({Number(found.Low)} to {Number(found.High)})" : "";
        string masked = results.ZeroGradient.GetValueOrDefault(attack) is > 0 and double share ? $", zero gradient {Number(share)}" : "";
        return $"{Number(accuracy)}{interval}{masked}";
    }

    /// <summary>How far the highest and the lowest lie apart, and whether their intervals do.</summary>
    private static string Verdict(RunResults[] figures, string attack, bool sameSize)
    {
        if (attack != AttackFigures.Clean && !sameSize)
        {
            return "ε differs";
        }
        if (!figures.All(results => results.Accuracy.ContainsKey(attack) && results.AccuracyInterval.ContainsKey(attack)))
        {
            return "not measured in all";
        }
        RunResults highest = figures.MaxBy(results => results.Accuracy[attack])!, lowest = figures.MinBy(results => results.Accuracy[attack])!;
        bool beyond = lowest.AccuracyInterval[attack].High < highest.AccuracyInterval[attack].Low;
        return $"{Number(highest.Accuracy[attack] - lowest.Accuracy[attack])}, {(beyond ? "beyond" : "within")} the intervals";
    }

    private static IEnumerable<string> Remarks(RunConfiguration[] configurations, RunResults[] figures, bool sameSize, int settings)
    {
        if (settings == 0)
        {
            yield return "No setting differs.";
        }
        if (!sameSize)
        {
            yield return $"The attacks were of different sizes, ε = {string.Join(", ", figures.Select(results => PerturbationSize.Text(results.Epsilon)))}: what they leave can't be compared.";
        }
        if (figures.Any(results => results.TestExamples != figures[0].TestExamples))
        {
            yield return $"Measured on different numbers of test images, {string.Join(", ", figures.Select(results => results.TestExamples))}: the intervals say how much that leaves open.";
        }
        if (configurations.Any(run => !run.Data.Select(file => file.Sha256).SequenceEqual(configurations[0].Data.Select(file => file.Sha256))))
        {
            yield return "The files of the data set were not the same: the test images may be others.";
        }
        yield return "Beyond the intervals: those of the highest and the lowest do not meet. They cover the choice of test images, and not what another seed would give.";
        foreach (string remark in Reports.Remarks.Worth(
            figures.SelectMany(results => results.Accuracy.Keys), figures.SelectMany(results => results.ZeroGradient.Values), figures.Select(results => results.Method)))
        {
            yield return remark;
        }
    }

    private static void Write(IAnsiConsole console, string title, string[] columns, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }
        Table table = new() { Title = new TableTitle(Markup.Escape(title)) };
        table.AddColumns([.. columns.Select(Markup.Escape)]);
        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        console.Write(table);
    }

    private static UserErrorException Unfinished(RunOverview run) =>
        new($"{run.Directory.Folder} has no results to compare, it is {run.StateInWords.TrimEnd('.')}: give finished runs");

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
