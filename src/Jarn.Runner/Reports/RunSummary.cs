using System.Globalization;
using Jarn.Runner.Runs;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>One run on the console: how it stands, its settings, what it came to, its checkpoints and files, and how to go on.</summary>
public static class RunSummary
{
    public static void Print(IAnsiConsole console, RunOverview run)
    {
        RunDirectory directory = run.Directory;
        console.WriteLine($"{directory.Folder}: {run.StateInWords}");
        if (run.Configuration is RunConfiguration configuration)
        {
            foreach (ConfigurationRows group in ConfigurationRows.Of(configuration))
            {
                Section(console, group.Title ?? "run", group.Rows);
            }
            if (run.Results is RunResults results)
            {
                console.WriteLine();
                ResultTable.Print(console, results, configuration.Options, configuration.StandInReason);
            }
        }
        Section(console, "checkpoints", [.. Checkpoints.Find(directory).Select(path => (Path.GetFileName(path), Checkpoint(path)))]);
        Section(console, "files", [.. new DirectoryInfo(directory.Folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => (file.Name, Size(file.Length)))]);
        console.WriteLine();
        console.WriteLine(run.State switch
        {
            RunState.Finished => $"It is at its end: 'jarn evaluate --checkpoint {directory.Folder}' attacks it, 'jarn train --config {directory.Config}' runs it again.",
            RunState.Running => "A process is writing to it: Ctrl-C there saves it.",
            RunState.Interrupted => $"{directory.HowToGoOn} with it.",
            RunState.Imported => $"It was trained elsewhere: 'jarn evaluate --checkpoint {directory.Folder}' attacks it, 'jarn audit --checkpoint {directory.Folder}' audits it.",
            _ => "What is wrong is said above; nothing here was changed.",
        });
    }

    private static void Section(IAnsiConsole console, string title, IReadOnlyList<(string Name, string Value)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }
        console.WriteLine();
        console.WriteLine($"{title}:");
        int width = rows.Max(row => row.Name.Length) + 2;
        foreach ((string name, string value) in rows)
        {
            console.WriteLine($"  {name.PadRight(width)}{value}");
        }
    }

    private static string Checkpoint(string path)
    {
        try
        {
            return $"whole, {CheckpointFile.Verify(path).Step} steps, {Size(new FileInfo(path).Length)}";
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }

    private static string Size(long bytes) => bytes < 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
