using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Prints one run: its state and results, its settings, checkpoints and files, and commands that can follow.</summary>
public static class RunSummary
{
    public static void Print(IAnsiConsole console, RunOverview run)
    {
        RunDirectory directory = run.Directory;
        console.Write(new TextLines($"{directory.Folder}\n{run.StateInWords}"));
        if (run.Configuration is RunConfiguration configuration)
        {
            if (run.Results is RunResults results)
            {
                console.Write(new TextLines(""));
                ResultTable.Print(console, results, configuration.Options, configuration.StandInReason);
            }
            Section(console, "Audits", [.. Audits(run)]);
            Section(console, "Settings", RunSettings.Of(configuration));
            Section(console, "Computed with", RunSettings.Environment(configuration));
            Section(console, "Data", configuration.StandInReason is string reason ? [("drawn images", reason)]
                : [.. configuration.Data.Select(file => ("", file.Path))]);
        }
        Section(console, "Checkpoints", [.. Checkpoints.Find(directory).Select(path => (Path.GetFileName(path), Checkpoint(path)))]);
        Section(console, "Files", [.. Files(directory).Select(file => (file.Name, Size(file.Length)))]);
        Section(console, "Next", [.. Next(run).Select(command => ("", command))]);
    }

    /// <summary>The run as JSON, which docs/results-json.md documents.</summary>
    public static string ToJson(RunOverview run) => Node(run).ToJsonString(JsonFile.Options);

    /// <summary>The run as CSV with a row for each value: the path to it in JSON, with dots, and the value.</summary>
    public static string ToCsv(RunOverview run)
    {
        CsvTable table = new("key", "value");
        Collect("", Node(run));
        return table.ToString();

        void Collect(string key, JsonNode? node)
        {
            switch (node)
            {
                case JsonObject group:
                    group.ToList().ForEach(pair => Collect(key == "" ? pair.Key : $"{key}.{pair.Key}", pair.Value));
                    break;
                case JsonArray list:
                    list.Index().ToList().ForEach(pair => Collect($"{key}.{pair.Index}", pair.Item));
                    break;
                default:
                    table.Add(key, node?.ToString());
                    break;
            }
        }
    }

    private static JsonObject Node(RunOverview run)
    {
        JsonObject node = Json(RunListEntry.Of(run))!.AsObject();
        node["results"] = Json(run.Results);
        node["audits"] = Json(run.Audits is { } audits ? audits.Others.Prepend(audits.Shown).OfType<AuditResults>().Select(audit => new
        {
            audit.Examples,
            audit.Epsilon,
            audit.Seed,
            audit.Dataset,
            audit.BnMode,
            Version = audit.IsPlus ? "plus" : "standard",
            AutoAttack = audit.AutoAttack?.Accuracy,
            AutoAttackInterval = audit.AutoAttack?.AccuracyInterval,
            FailedChecks = audit.Findings.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Name),
        }) : []);
        node["configuration"] = Json(run.Configuration);
        node["checkpoints"] = Json(
            Checkpoints.Find(run.Directory).Select(path => new { Path = path, Bytes = new FileInfo(path).Length, State = Checkpoint(path) }));
        node["files"] = Json(Files(run.Directory).Select(file => new { file.Name, Bytes = file.Length }));
        return node;

        static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, JsonFile.Options);
    }

    private static IEnumerable<(string Name, string Value)> Audits(RunOverview run)
    {
        foreach (AuditResults audit in run.Audits is { } audits ? audits.Others.Prepend(audits.Shown).OfType<AuditResults>() : [])
        {
            string figure = audit.AutoAttack is Rung rung ? $"{Share.Text(rung.Accuracy)} ({rung.AccuracyInterval})" : "not measured";
            int failed = audit.Findings.Checks.Count(check => check.Outcome == CheckOutcome.Failed);
            yield return ($"AutoAttack{(audit.IsPlus ? ", plus" : "")}",
                $"{figure} on {audit.Examples} images of {audit.Dataset}, ε = {PerturbationSize.Text(audit.Epsilon)}; "
                + (!audit.Findings.WereChecked ? "too few images for the checks"
                    : failed == 0 ? "no check failed" : $"{failed} of {audit.Findings.Checks.Count} checks failed"));
        }
        foreach (string path in run.Audits?.Unreadable ?? [])
        {
            yield return ("damaged", path);
        }
    }

    /// <summary>Commands that the user may want to run next.</summary>
    private static IEnumerable<string> Next(RunOverview run)
    {
        string folder = ShellPath.Quoted(run.Directory.Folder);
        return run.State switch
        {
            RunState.Finished =>
            [
                $"jarn evaluate --checkpoint {folder}", $"jarn audit --checkpoint {folder}",
                $"jarn train --config {ShellPath.Quoted(run.Directory.Config)}",
            ],
            RunState.Imported => [$"jarn evaluate --checkpoint {folder}", $"jarn audit --checkpoint {folder}"],
            RunState.Running => ["A process is training it. Ctrl-C there saves it."],
            RunState.Interrupted or RunState.Trained => [$"jarn train --resume {folder}"],
            _ => [],
        };
    }

    private static void Section(IAnsiConsole console, string title, IReadOnlyList<(string Name, string Value)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }
        console.Write(new TextLines($"\n{title}"));
        int widest = rows.Max(row => TextLines.Width(row.Name)), left = widest == 0 ? 2 : widest + 4;
        bool isNarrow = left > console.Profile.Width / 2;
        foreach ((string name, string value) in rows)
        {
            string head = name == "" ? "  " : isNarrow ? $"  {name}: " : $"  {name}{new string(' ', left - 2 - TextLines.Width(name))}";
            console.Write(new TextLines(head + value, indent: isNarrow ? 4 : left));
        }
    }

    private static string Checkpoint(string path)
    {
        try
        {
            return $"step {CheckpointFile.Verify(path).Step}, {Size(new FileInfo(path).Length)}";
        }
        catch (UserErrorException)
        {
            return "damaged";
        }
    }

    private static IEnumerable<FileInfo> Files(RunDirectory directory) => new DirectoryInfo(directory.Folder).GetFiles()
        .Where(file => file.Name != RunLock.Name && !AtomicFile.IsTemporary(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal);

    private static string Size(long bytes) => bytes < 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
