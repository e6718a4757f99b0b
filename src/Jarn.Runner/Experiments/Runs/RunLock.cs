namespace Jarn.Runner.Experiments.Runs;

/// <summary>
/// Says that a process writes to a run's folder. It is the operating system's lock on an open file, so it ends with the process, however that
/// ends; the file itself may stay and means nothing.
/// </summary>
public sealed class RunLock : IDisposable
{
    /// <summary>The file's name in the folder of a run.</summary>
    public const string Name = ".lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null where another process (or another run of this one) has it.</summary>
    /// <exception cref="UserErrorException">The folder can't be written.</exception>
    public static RunLock? TryTake(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            && File.Exists(path))
        {
            return null;
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"cannot write to the folder {folder} ({UserErrorException.Reason(exception)}): choose another one", exception);
        }
    }

    /// <summary>Whether a process has the lock of a folder.</summary>
    public static bool IsTaken(string folder)
    {
        try
        {
            using FileStream shared = new(Path.Combine(folder, Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>
    /// Gives the lock back and takes its file away. Only for a run that is at its end: of two processes that come then, one may hold a lock on the
    /// old file and one on a new one.
    /// </summary>
    public void Remove()
    {
        File.Delete(_file.Name);
        Dispose();
    }

    public void Dispose() => _file.Dispose();
}
