using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>The states of a run.</summary>
public enum RunState
{
    Finished,

    /// <summary>A process writes to its folder.</summary>
    Running,

    /// <summary>Its training can be resumed.</summary>
    Interrupted,

    /// <summary>Its training is done and its evaluation is not: resuming it evaluates.</summary>
    Trained,

    /// <summary>A file of it is missing or damaged.</summary>
    Broken,

    /// <summary>The classifier was not trained here: 'jarn import' made the folder.</summary>
    Imported,
}

/// <summary>What the files in a run's folder tell. Reading them changes none.</summary>
/// <param name="Configuration">Null if config.json is damaged, or not written yet.</param>
/// <param name="Results">Null unless the run is finished.</param>
/// <param name="Step">The number of steps taken; of an interrupted run, the number that is saved. Null if it is unknown.</param>
/// <param name="TotalSteps">The number of steps in the training; null if it is unknown.</param>
/// <param name="Fault">What is wrong with a broken run; null otherwise.</param>
/// <param name="Origin">The origin recorded in the file of an imported classifier; null for a run.</param>
public sealed record RunOverview(
    RunDirectory Directory, RunState State, RunConfiguration? Configuration = null, RunResults? Results = null, int? Step = null,
    int? TotalSteps = null, string? Fault = null, ModelOrigin? Origin = null)
{
    /// <summary>The last part of the folder's path.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Directory.Folder)));

    /// <summary>The audits of the run's classifier; null if the classifier's recipe is unknown.</summary>
    public AuditSelection? Audits =>
        (Configuration?.Options.Recipe.Epsilon ?? Origin?.Epsilon) is double epsilon ? AuditStore.Of(Directory.Folder).Read(epsilon) : null;

    /// <summary>When the run began; null where there is no telling.</summary>
    public DateTimeOffset? Begun => Configuration is null ? null : Directory.Begun(Configuration);

    /// <summary>The state with how far the run has come, or what is wrong with it.</summary>
    public string StateInWords => State switch
    {
        RunState.Running => Step is null ? "running" : Step == TotalSteps ? "running, evaluating" : $"running, step {Progress}",
        RunState.Interrupted => Step is null ? "interrupted before the first checkpoint" : $"interrupted at step {Progress}",
        RunState.Trained => "trained, evaluation interrupted",
        RunState.Broken => $"broken: {Fault}",
        RunState.Imported => "imported",
        _ => "finished",
    };

    /// <summary>The state in a word or two, for a column.</summary>
    public string StateInBrief => State switch
    {
        RunState.Running when Step == TotalSteps && Step is not null => "evaluating",
        RunState.Running or RunState.Interrupted when Step is int step && TotalSteps is int total =>
            $"{State.ToString().ToLowerInvariant()} {100L * step / total}\u00a0%",
        RunState.Trained => "trained, not evaluated",
        _ => State.ToString().ToLowerInvariant(),
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
            throw new UserErrorException($"cannot read {root} ({UserErrorException.Reason(exception)}): give a folder that runs are in", exception);
        }
    }

    /// <summary>The run of a folder.</summary>
    /// <exception cref="UserErrorException">There is no trace of one.</exception>
    public static RunOverview Required(string folder) => Of(folder) ?? throw new UserErrorException(
        File.Exists(folder) ? $"{folder} is a file: give the folder of a run"
            : System.IO.Directory.Exists(folder) ? $"{folder} is not a run (it has no config.json): 'jarn runs list' shows the runs"
            : $"there is no folder {folder}: 'jarn runs list' shows the runs");

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
        RunConfiguration? configuration = null;
        try
        {
            if (File.Exists(directory.Config))
            {
                configuration = RunConfiguration.Read(directory.Config);
                return Read(directory, configuration, isWritten);
            }
            if (!isRun)
            {
                return new RunOverview(directory, RunState.Imported, Origin: ModelFile.ReadOrigin(directory.Model));
            }
            return isWritten
                ? new RunOverview(directory, RunState.Running)
                : new RunOverview(directory, RunState.Broken, Fault: "it has no config.json");
        }
        catch (Exception exception) when (exception is UserErrorException || UserErrorException.IsFileSystemRefusal(exception))
        {
            return new RunOverview(directory, RunState.Broken, configuration, Fault: exception.Message);
        }
    }

    private static RunOverview Read(RunDirectory directory, RunConfiguration configuration, bool isWritten)
    {
        if (directory.IsFinished)
        {
            RunResults results = JsonFile.Read<RunResults>(directory.Results);
            if (!File.Exists(directory.Model))
            {
                throw new UserErrorException($"it has no {ModelFile.Name}");
            }
            SafeTensors.RequireWhole(directory.Model);
            return new RunOverview(directory, RunState.Finished, configuration, results);
        }
        TrainingProgress? saved = Checkpoints.Peek(directory);
        if (saved is null && Checkpoints.Find(directory).Count > 0)
        {
            throw new UserErrorException("all its checkpoints are damaged");
        }
        int? total = saved?.TotalSteps ?? configuration.Options.Recipe.Steps;
        return isWritten ? new RunOverview(directory, RunState.Running, configuration, Step: Noted(directory) ?? saved?.Step, TotalSteps: total)
            : new RunOverview(
                directory, saved is not null && saved.Step == total ? RunState.Trained : RunState.Interrupted, configuration,
                Step: saved?.Step, TotalSteps: total);
    }

    /// <summary>The step of the last row of metrics.csv; null where there is none, or it is just being written.</summary>
    private static int? Noted(RunDirectory directory)
    {
        try
        {
            return MetricsCsv.Read(directory.Metrics) is [.., MetricsRow last] ? last.Step : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
