namespace Jarn.Runner.Runs;

/// <summary>A folder that is there and can be written to: better known now than after an hour of training.</summary>
public static class WritableFolder
{
    /// <param name="folder">Created where it is absent.</param>
    /// <param name="option">What to give another folder to.</param>
    /// <exception cref="UserErrorException">It can't be created or written.</exception>
    public static void Create(string folder, string option)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream probe = new(
                Path.Combine(folder, ".writable"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"cannot write to the folder {folder} ({exception.Message.TrimEnd('.')}): give another to {option}", exception);
        }
    }
}
