namespace Jarn.Runner.Experiments.Runs;

/// <summary>A run that has reached its last step and was evaluated.</summary>
/// <param name="Configuration">The content of config.json.</param>
/// <param name="Results">The content of results.json.</param>
public sealed record FinishedRun(RunDirectory Directory, RunIdentity Identity, RunConfiguration Configuration, RunResults Results);

/// <summary>
/// The folder that runs live in, one subfolder each. A run is found again by what it was (<see cref="RunIdentity"/>), whatever its folder is
/// called; damaged ones are passed over and left as they are.
/// </summary>
public sealed class RunStore
{
    private readonly string _root;
    private readonly List<FinishedRun> _finished;
    private readonly Dictionary<string, FinishedRun> _found = [];

    /// <param name="root">The folder of the runs, which need not exist.</param>
    /// <exception cref="UserErrorException">The folder can't be read.</exception>
    public RunStore(string root)
    {
        _root = root;
        try
        {
            _finished = [.. Folders().Select(ReadIfFinished).OfType<FinishedRun>()];
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"cannot read {root} ({UserErrorException.Reason(exception)}): choose another folder with --runs", exception);
        }
    }

    /// <summary>Every run with the files of a finished one, by folder name.</summary>
    public IReadOnlyList<FinishedRun> Finished => _finished;

    /// <summary>The run of this identity whose model is whole, or null.</summary>
    public FinishedRun? Find(RunIdentity identity)
    {
        string fingerprint = identity.Fingerprint;
        if (!_found.TryGetValue(fingerprint, out FinishedRun? found)
            && (found = _finished.Find(run => run.Identity.Fingerprint == fingerprint && HasWholeModel(run))) is not null)
        {
            _found[fingerprint] = found;
        }
        return found;
    }

    /// <summary>The folder of an interrupted run of this identity that nobody is writing to, or an empty one for a run to come.</summary>
    /// <exception cref="UserErrorException">The run's folder can't be created or written.</exception>
    public RunDirectory Open(RunIdentity identity)
    {
        string fingerprint = identity.Fingerprint;
        foreach (string folder in Folders())
        {
            RunDirectory directory = RunDirectory.Existing(folder);
            if (File.Exists(directory.Config) && !directory.IsFinished && Checkpoints.Peek(directory)?.Run == fingerprint
                && RunDirectory.TryResume(folder) is RunDirectory interrupted)
            {
                return interrupted;
            }
        }
        return RunDirectory.CreateUnder(_root, identity.FolderName);
    }

    /// <summary>Takes in a run that has just ended.</summary>
    /// <exception cref="UserErrorException">Its files can't be read back.</exception>
    public FinishedRun Add(RunDirectory directory)
    {
        _finished.Add(Read(directory));
        return _finished[^1];
    }

    private IEnumerable<string> Folders() =>
        Directory.Exists(_root) ? Directory.GetDirectories(_root).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();

    private static FinishedRun Read(RunDirectory directory)
    {
        RunConfiguration configuration = RunConfiguration.Read(directory.Config);
        RunResults results = JsonFile.Read<RunResults>(directory.Results);
        return new FinishedRun(directory, RunIdentity.Of(configuration, results), configuration, results);
    }

    private static FinishedRun? ReadIfFinished(string folder)
    {
        try
        {
            return Read(RunDirectory.Existing(folder));
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static bool HasWholeModel(FinishedRun run)
    {
        try
        {
            SafeTensors.Read(run.Directory.Model);
            return true;
        }
        catch (UserErrorException)
        {
            return false;
        }
    }
}
