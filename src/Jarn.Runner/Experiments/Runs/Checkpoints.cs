using System.Globalization;
using System.Text.RegularExpressions;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>A checkpoint that was verified to be complete.</summary>
public sealed record Checkpoint(string Path, TrainingProgress Progress);

/// <summary>The checkpoints of a run that is not at its end: <c>checkpoints/step-000200.safetensors</c>, the last few of them.</summary>
/// <param name="directory">The run, of which this process has the <see cref="RunLock"/>.</param>
/// <param name="keep">The number of checkpoints to keep.</param>
public sealed partial class Checkpoints(RunDirectory directory, int keep)
{
    /// <summary>The last one that is whole: where the run goes on from. Null where none was written.</summary>
    /// <param name="warn">Receives a sentence for each damaged checkpoint.</param>
    /// <exception cref="UserErrorException">All checkpoints are damaged.</exception>
    public Checkpoint? Newest(Action<string> warn)
    {
        IReadOnlyList<string> paths = Find(directory);
        foreach (string path in paths)
        {
            try
            {
                return new Checkpoint(path, CheckpointFile.Verify(path));
            }
            catch (UserErrorException exception)
            {
                warn($"{exception.Message}; using the one before it");
            }
        }
        return paths.Count == 0 ? null : throw new UserErrorException(
            $"all checkpoints in {directory.Checkpoints} are damaged: delete that folder to train again from the first step");
    }

    /// <summary>How far a run had come by its last checkpoint, which may be damaged; null if that is unknown.</summary>
    public static TrainingProgress? Peek(RunDirectory directory)
    {
        foreach (string path in Find(directory))
        {
            try
            {
                return CheckpointFile.Peek(path);
            }
            catch (UserErrorException)
            {
                // The one before may tell.
            }
        }
        return null;
    }

    /// <summary>Writes a checkpoint, and deletes all but the last few.</summary>
    /// <returns>The path of the checkpoint.</returns>
    /// <exception cref="NonFiniteStateException">A value is NaN or infinite; the checkpoints before stay.</exception>
    /// <exception cref="UserErrorException">The checkpoint can't be written. Older checkpoints are kept.</exception>
    public string Write(TrainingProgress progress, IReadOnlyList<Learner> learners)
    {
        string path = Path.Combine(directory.Checkpoints, string.Create(CultureInfo.InvariantCulture, $"step-{progress.Step:000000}.safetensors"));
        try
        {
            Directory.CreateDirectory(directory.Checkpoints);
            CheckpointFile.Write(path, progress, learners);
            Prune(path);
        }
        catch (Exception exception) when (exception is UserErrorException || UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"step {progress.Step} was not saved: {exception.Message}. The checkpoint before it is kept. {directory.HowToGoOn}", exception);
        }
        return path;
    }

    /// <summary>The files that bear a checkpoint's name, whole or not, the last first.</summary>
    public static IReadOnlyList<string> Find(RunDirectory directory)
    {
        string[] files = Directory.Exists(directory.Checkpoints) ? Directory.GetFiles(directory.Checkpoints) : [];
        return
        [
            .. files.Select(file => (Path: file, Match: Form().Match(Path.GetFileName(file)))).Where(file => file.Match.Success)
                .OrderByDescending(file => long.Parse(file.Match.Groups["step"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
                .Select(file => file.Path),
        ];
    }

    /// <summary>What lies beyond the step just taken was damaged, or the run would have gone on from there.</summary>
    private void Prune(string newest)
    {
        List<string> paths = [.. Find(directory)];
        int place = paths.IndexOf(newest);
        foreach (string path in paths.Where((_, index) => index < place || index >= place + keep))
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex(@"\Astep-(?<step>[0-9]{6,10})\.safetensors\z")]
    private static partial Regex Form();
}
