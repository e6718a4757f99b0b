using System.Globalization;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>The folder that holds everything that one run leaves. While a process writes to it, it has the folder's <see cref="RunLock"/>.</summary>
public sealed class RunDirectory : IDisposable
{
    private readonly RunLock? _lock;

    private RunDirectory(string path, RunLock? taken) => (Folder, _lock) = (path, taken);

    public string Folder { get; }

    /// <summary>The settings in force and the checksums of the data.</summary>
    public string Config => Path.Combine(Folder, "config.json");

    /// <summary>A row every so many steps, see <see cref="MetricsCsv"/>.</summary>
    public string Metrics => Path.Combine(Folder, "metrics.csv");

    public string Results => Path.Combine(Folder, "results.json");

    /// <summary>The trained classifier, see <see cref="ModelFile"/>.</summary>
    public string Model => Path.Combine(Folder, ModelFile.Name);

    /// <summary>The page with everything about the run, for people.</summary>
    public string Report => Path.Combine(Folder, "report.html");

    /// <summary>Accuracies that were measured later, see <see cref="Runs.Measurements"/>.</summary>
    public string Evaluations => Path.Combine(Folder, "evaluations.json");

    /// <summary>
    /// The same as <see cref="Metrics"/> and <see cref="Results"/> for TensorBoard, which knows such a file by
    /// the beginning of its name; the host's name, which others put there, is nobody's business.
    /// </summary>
    public string Events(RunConfiguration configuration) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{Begun(configuration).ToUnixTimeSeconds()}.jarn"));

    /// <summary>When the run began; of one by an older version, when its first file was written.</summary>
    public DateTimeOffset Begun(RunConfiguration configuration) => configuration.Begun ?? new DateTimeOffset(File.GetLastWriteTimeUtc(Config));

    /// <summary>The checkpoints of an unfinished run, see <see cref="Runs.Checkpoints"/>.</summary>
    public string Checkpoints => Path.Combine(Folder, "checkpoints");

    /// <summary>Whether the run came to its end: its last file is there.</summary>
    public bool IsFinished => File.Exists(Results);

    /// <summary>The command that continues the run. It comes last in a message, so that it can be copied.</summary>
    public string HowToGoOn => $"To resume: jarn train --resume {ShellPath.Quoted(Folder)}";

    /// <summary>The folder of a run that is there already, to be read.</summary>
    public static RunDirectory Existing(string folder) => new(folder, null);

    /// <summary>The folder of a run that is there already, to be continued.</summary>
    /// <exception cref="UserErrorException">There is no run, or another process writes to it.</exception>
    public static RunDirectory Resume(string folder) => !File.Exists(Existing(folder).Config)
        ? throw new UserErrorException($"{folder} is not a run that can be resumed (it has no config.json): 'jarn runs list' shows the runs")
        : TryResume(folder) ?? throw Taken(folder);

    /// <summary>Opens the folder of a run to continue it; null if another process is writing to it.</summary>
    /// <exception cref="UserErrorException">The folder can't be written.</exception>
    public static RunDirectory? TryResume(string folder)
    {
        if (RunLock.TryTake(folder) is not RunLock taken)
        {
            return null;
        }
        RunDirectory directory = new(folder, taken);
        AtomicFile.Sweep(folder);
        AtomicFile.Sweep(directory.Checkpoints);
        return directory;
    }

    /// <summary>
    /// Creates <paramref name="output"/> or, where that is null, a folder under <paramref name="root"/> named by what runs and when.
    /// </summary>
    /// <param name="output">The folder wished for; it must be empty or absent.</param>
    /// <param name="dataset">The data set's name.</param>
    /// <param name="method">The training method's name.</param>
    /// <param name="start">When the run began.</param>
    /// <param name="root">The folder for runs that have no folder of their own.</param>
    /// <exception cref="UserErrorException">The folder has files already, or can't be created or written.</exception>
    public static RunDirectory Create(string? output, string dataset, string method, DateTime start, string root = "runs") => Prepare(
        output ?? WritableFolder.Unused(
            Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{dataset}-{method}-{start:yyyyMMdd-HHmmss}"))), "--output");

    /// <summary>Creates a folder of a name under a root, with a number after it where that name is taken.</summary>
    /// <exception cref="UserErrorException">The folder can't be created or written.</exception>
    public static RunDirectory CreateUnder(string root, string name) => Prepare(WritableFolder.Unused(Path.Combine(root, name)), "--runs");

    /// <summary>Ends the run: its checkpoints and the lock's file go.</summary>
    public void Finish()
    {
        if (Directory.Exists(Checkpoints))
        {
            Directory.Delete(Checkpoints, recursive: true);
        }
        _lock?.Remove();
    }

    public void Dispose() => _lock?.Dispose();

    private static RunDirectory Prepare(string folder, string option)
    {
        RequireEmpty(folder, option);
        WritableFolder.Create(folder, option);
        RunDirectory directory = TryResume(folder) ?? throw Taken(folder);
        try
        {
            // Another run may have begun, and ended, before the lock was taken.
            RequireEmpty(folder, option);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>A process that was killed at its very beginning may have left its lock's file, or half of a first one.</summary>
    private static void RequireEmpty(string folder, string option)
    {
        if (Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != RunLock.Name && !AtomicFile.IsTemporary(entry)))
        {
            string resume = File.Exists(Existing(folder).Config) ? ", or continue this run with --resume" : "";
            throw new UserErrorException($"{folder} holds files already, and a run never overwrites any: choose a new folder with {option}{resume}");
        }
    }

    private static UserErrorException Taken(string folder) =>
        new($"another process is writing to the run in {folder}: wait until it ends, or choose another folder");
}
