using System.Globalization;
using System.Text.Json;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>What runs are sorted by: the latest and the highest accuracies first, all else from the least on.</summary>
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
}

/// <summary>A run in a list. What its files do not tell is null.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Folder">With the way there.</param>
/// <param name="State">How it stands.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Fault">Of a broken run.</param>
/// <param name="Dataset">What the images are.</param>
/// <param name="Method">How the classifier learned.</param>
/// <param name="Preset">Where unnamed settings came from.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Clean">Accuracy in per cent.</param>
/// <param name="Attack">The attack that left least.</param>
/// <param name="UnderAttack">What it left, in per cent.</param>
/// <param name="Epsilon">Its size.</param>
/// <param name="Begun">When.</param>
internal sealed record RunListEntry(
    string Name, string Folder, RunState State, int? Step, int? TotalSteps, string? Fault, string? Dataset, string? Method, Preset? Preset, ulong? Seed,
    double? Clean, string? Attack, double? UnderAttack, double? Epsilon, DateTimeOffset? Begun)
{
    public static RunListEntry Of(RunOverview run)
    {
        TrainingConfiguration? options = run.Configuration?.Options;
        return new RunListEntry(
            run.Name, run.Directory.Folder, run.State, run.Step, run.TotalSteps, run.Fault, run.Configuration?.Dataset ?? run.Origin?.Dataset,
            options?.Method ?? run.Origin?.Method, options?.Preset, options?.Seed,
            run.Results?.Accuracy.TryGetValue(AttackFigures.Clean, out double clean) == true ? clean : null, run.Results?.Strongest?.Attack,
            run.Results?.Strongest?.Accuracy, run.Results?.Epsilon, run.Begun);
    }
}

/// <summary>The runs of a folder, in a table or as JSON.</summary>
public sealed class RunList(IEnumerable<RunOverview> runs, RunOrder order)
{
    private readonly (RunOverview Run, RunListEntry Entry)[] _runs =
        [.. Sorted([.. runs.Select(run => (run, RunListEntry.Of(run))).OrderBy(pair => pair.run.Name, StringComparer.Ordinal)], order)];

    public bool IsEmpty => _runs.Length == 0;

    public string ToJson() => JsonSerializer.Serialize(_runs.Select(pair => pair.Entry), JsonFile.Options);

    public void Print(IAnsiConsole console)
    {
        Table table = new();
        table.AddColumns("Run", "Data set", "Method", "Preset", "Seed", "State", "Clean, %", "Strongest attack, %", "Begun");
        foreach ((RunOverview run, RunListEntry entry) in _runs)
        {
            table.AddRow(new[]
            {
                entry.Name,
                entry.Dataset ?? "-",
                entry.Method ?? "-",
                entry.Preset?.ToString().ToLowerInvariant() ?? "-",
                entry.Seed is ulong seed ? seed.ToString(CultureInfo.InvariantCulture) : "-",
                run.StateInWords,
                Number(entry.Clean),
                entry.Attack is null ? "-" : $"{Number(entry.UnderAttack)} ({entry.Attack})",
                entry.Begun?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-",
            }.Select(Markup.Escape).ToArray());
        }
        console.Write(table);
    }

    /// <summary>Sorting is stable, so that equals stay in the order of their names; what is unknown comes last.</summary>
    private static IEnumerable<(RunOverview Run, RunListEntry Entry)> Sorted(IReadOnlyList<(RunOverview Run, RunListEntry Entry)> runs, RunOrder order)
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
            _ => runs.OrderByDescending(pair => pair.Entry.Begun),
        };

        IEnumerable<(RunOverview, RunListEntry)> Rising<T>(Func<RunListEntry, T> key) =>
            runs.OrderBy(pair => key(pair.Entry) is null).ThenBy(pair => key(pair.Entry));
    }

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
}
