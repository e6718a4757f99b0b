using Jarn.Models;
using Jarn.Runner.Reports;

namespace Jarn.Runner.Runs;

/// <summary>How a run stands.</summary>
public enum RunState
{
    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>A process writes to its folder.</summary>
    Running,

    /// <summary>It can be resumed.</summary>
    Interrupted,

    /// <summary>A file of it is missing or damaged.</summary>
    Broken,

    /// <summary>It was never trained here: 'jarn import' made a folder for its classifier.</summary>
    Imported,
}

/// <summary>What the files of a run's folder tell; looking at them changes none.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="State">How the run stands.</param>
/// <param name="Configuration">Null where the run is broken, or so young that it has none.</param>
/// <param name="Results">Of a finished run; null otherwise.</param>
/// <param name="Step">Steps taken: of an interrupted run those that are saved. Null where there is no telling.</param>
/// <param name="TotalSteps">Steps in all; null where there is no telling.</param>
/// <param name="Fault">Of a broken run, in words; null otherwise.</param>
/// <param name="Origin">What an imported classifier's file says of it; null of a run.</param>
public sealed record RunOverview(
    RunDirectory Directory, RunState State, RunConfiguration? Configuration = null, RunResults? Results = null, int? Step = null, int? TotalSteps = null,
    string? Fault = null, ModelOrigin? Origin = null)
{
    /// <summary>The last part of the folder's path.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Directory.Folder)));

    /// <summary>When the run began; null where there is no telling.</summary>
    public DateTimeOffset? Begun => Configuration is null ? null : Directory.Begun(Configuration);

    /// <summary>The state with how far the run has come, or what is wrong with it.</summary>
    public string StateInWords => State switch
    {
        RunState.Running => Step is null ? "running" : $"running, step {Progress}",
        RunState.Interrupted => Step is null ? "interrupted before it was saved" : $"interrupted at step {Progress}",
        RunState.Broken => $"broken: {Fault}",
        RunState.Imported => "imported",
        _ => "finished",
    };

    private string Progress => TotalSteps is null ? $"{Step}" : $"{Step} of {TotalSteps}";

    /// <summary>The run of a folder, or the runs in its subfolders, by name; folders without a trace of a run are passed over.</summary>
    /// <exception cref="UserErrorException">The folder can't be read.</exception>
    public static IReadOnlyList<RunOverview> Under(string root)
    {
        try
        {
            return Of(root) is RunOverview run ? [run]
                : [.. System.IO.Directory.GetDirectories(root).Order(StringComparer.Ordinal).Select(Of).OfType<RunOverview>()];
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {root} ({exception.Message.TrimEnd('.')}): give a folder that runs are in", exception);
        }
    }

    /// <summary>The run of a folder; null where there is no trace of one.</summary>
    public static RunOverview? Of(string folder)
    {
        RunDirectory directory = RunDirectory.Existing(folder);
        bool isWritten = RunLock.IsTaken(folder);
        bool isRun = isWritten || new[] { directory.Config, directory.Metrics, directory.Results, directory.Checkpoints }.Any(Path.Exists);
        if (!isRun && !File.Exists(directory.Model))
        {
            return null;
        }
        try
        {
            return isRun ? Read(directory, isWritten) : new RunOverview(directory, RunState.Imported, Origin: ModelFile.ReadOrigin(directory.Model));
        }
        catch (Exception exception) when (exception is UserErrorException || UserErrorException.IsFileSystemRefusal(exception))
        {
            return new RunOverview(
                directory, RunState.Broken, Fault: exception.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        }
    }

    private static RunOverview Read(RunDirectory directory, bool isWritten)
    {
        if (!File.Exists(directory.Config))
        {
            return isWritten ? new RunOverview(directory, RunState.Running) : throw new UserErrorException("there is no config.json");
        }
        RunConfiguration configuration = RunConfiguration.Read(directory.Config);
        if (directory.IsFinished)
        {
            RunResults results = JsonFile.Read<RunResults>(directory.Results);
            SafeTensors.RequireWhole(directory.Model);
            return new RunOverview(directory, RunState.Finished, configuration, results);
        }
        TrainingProgress? saved = Checkpoints.Peek(directory);
        if (saved is null && Checkpoints.Find(directory).Count > 0)
        {
            throw new UserErrorException($"no checkpoint in {directory.Checkpoints} can be read");
        }
        int? total = saved?.TotalSteps ?? configuration.Options.Recipe.Steps;
        return isWritten
            ? new RunOverview(directory, RunState.Running, configuration, Step: Noted(directory) ?? saved?.Step, TotalSteps: total)
            : new RunOverview(directory, RunState.Interrupted, configuration, Step: saved?.Step, TotalSteps: total);
    }

    /// <summary>The step of the last row of metrics.csv; null where there is none, or it is just being written.</summary>
    private static int? Noted(RunDirectory directory)
    {
        try
        {
            return MetricsTable.Read(directory.Metrics).Pairs("step", "step") is [.., (double step, _)] ? (int)step : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
