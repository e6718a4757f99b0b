using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>What runs are sorted by: the latest and the highest accuracies first, everything else in ascending order.</summary>
public enum RunOrder
{
    When,
    Name,
    Dataset,
    Method,
    Preset,
    Seed,
    State,
    Clean,

    /// <summary>The accuracy under the strongest attack.</summary>
    Attack,

    /// <summary>The accuracy under AutoAttack, as an audit found it.</summary>
    AutoAttack,
}

/// <summary>The runs of a folder, in a table, as JSON or as CSV.</summary>
public sealed class RunList(IEnumerable<RunOverview> runs, RunOrder order)
{
    private readonly (RunOverview Run, RunListEntry Entry)[] _runs =
        [.. Sorted([.. runs.Select(run => (run, RunListEntry.Of(run))).OrderBy(pair => pair.run.Name, StringComparer.Ordinal)], order)];

    public bool IsEmpty => _runs.Length == 0;

    public string ToJson() => JsonSerializer.Serialize(_runs.Select(pair => pair.Entry), JsonFile.Options);

    /// <summary>A row for each run, the columns as the keys in JSON.</summary>
    public string ToCsv()
    {
        RunListEntry example = RunListEntry.Of(new RunOverview(RunDirectory.Existing("."), RunState.Finished));
        CsvTable table = new([.. Cells(example).Select(cell => cell.Key)]);
        foreach ((_, RunListEntry entry) in _runs)
        {
            table.Add([.. Cells(entry).Select(cell => cell.Value?.ToString())]);
        }
        return table.ToString();

        static JsonObject Cells(RunListEntry entry) => JsonSerializer.SerializeToNode(entry, JsonFile.Options)!.AsObject();
    }

    public void Print(IAnsiConsole console)
    {
        TextTable table = new(
            "Run", new TextColumn("Data set", Rank: 4), new TextColumn("Method", Rank: 3), new TextColumn("Preset", Rank: 6),
            new TextColumn("Seed", IsNumber: true, Rank: 5), "State", Percent("Clean"), Percent("Attacked"), Percent("AutoAttack"),
            new TextColumn("Started", Rank: 2))
        { IsFramed = false };
        foreach ((RunOverview run, RunListEntry entry) in _runs)
        {
            table.AddRow(
                entry.Name,
                entry.Dataset ?? TextTable.Absent,
                entry.Method ?? TextTable.Absent,
                entry.Preset?.ToString().ToLowerInvariant() ?? TextTable.Absent,
                entry.Seed?.ToString(CultureInfo.InvariantCulture) ?? TextTable.Absent,
                run.StateInBrief,
                Figure(entry.Clean, null),
                Figure(entry.UnderAttack, entry.Attack),
                Figure(entry.AutoAttack, entry.AutoAttackImages is int images ? $"n={images}" : null),
                entry.Begun?.ToLocalTime().ToString($"yyyy-MM-dd{TextLines.NoBreak}HH:mm", CultureInfo.InvariantCulture) ?? TextTable.Absent);
        }
        console.Write(table);
        foreach (string remark in Remarks())
        {
            console.Write(new TextLines($"- {remark}", indent: 2));
        }
    }

    /// <summary>Sentences about runs for which the table has no column.</summary>
    private IEnumerable<string> Remarks()
    {
        foreach ((RunOverview run, RunListEntry entry) in _runs.Where(pair => pair.Run.State == RunState.Broken))
        {
            yield return $"{entry.Name} is broken: {run.Fault}";
        }
        foreach ((RunOverview run, RunListEntry entry) in _runs)
        {
            foreach (string path in run.Audits?.Unreadable ?? [])
            {
                yield return $"{entry.Name}: the audit {path} is damaged";
            }
        }
        if (_runs.Where(pair => pair.Run.Configuration?.StandInReason is not null).Select(pair => pair.Entry.Name).ToArray() is { Length: > 0 } drawn)
        {
            yield return $"Trained and measured on drawn images, not on real data: {string.Join(", ", drawn)}";
        }
    }

    /// <summary>Sorting is stable, so that equals stay in the order of their names; what is unknown comes last.</summary>
    private static IEnumerable<(RunOverview Run, RunListEntry Entry)> Sorted(
        IReadOnlyList<(RunOverview Run, RunListEntry Entry)> runs, RunOrder order)
    {
        return order switch
        {
            RunOrder.Name => runs,
            RunOrder.Dataset => Rising(entry => entry.Dataset),
            RunOrder.Method => Rising(entry => entry.Method),
            RunOrder.Preset => Rising(entry => entry.Preset?.ToString()),
            RunOrder.Seed => Rising(entry => entry.Seed),
            RunOrder.State => Rising<RunState?>(entry => entry.State),
            RunOrder.Clean => runs.OrderByDescending(pair => pair.Entry.Clean),
            RunOrder.Attack => runs.OrderByDescending(pair => pair.Entry.UnderAttack),
            RunOrder.AutoAttack => runs.OrderByDescending(pair => pair.Entry.AutoAttack),
            _ => runs.OrderByDescending(pair => pair.Entry.Begun),
        };

        IEnumerable<(RunOverview, RunListEntry)> Rising<T>(Func<RunListEntry, T> key) =>
            runs.OrderBy(pair => key(pair.Entry) is null).ThenBy(pair => key(pair.Entry));
    }

    private static TextColumn Percent(string header) => new($"{header}, %", IsNumber: true);

    private static string Figure(double? accuracy, string? of) =>
        accuracy is double share ? $"{Titles.Accuracy(share)}{(of is null ? "" : $" ({of})")}" : TextTable.Absent;
}
