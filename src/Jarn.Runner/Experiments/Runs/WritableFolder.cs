namespace Jarn.Runner.Experiments.Runs;

/// <summary>A folder that is there and can be written to: better known now than after an hour of training.</summary>
public static class WritableFolder
{
    /// <summary>
    /// A name in a folder, with a number between it and its ending where it is taken: two runs begun within one second get two folders.
    /// </summary>
    public static string Unused(string path, string ending = "")
    {
        string candidate = path + ending;
        for (int n = 2; Path.Exists(candidate); n++)
        {
            candidate = $"{path}-{n}{ending}";
        }
        return candidate;
    }

    /// <param name="folder">Created where it is absent.</param>
    /// <param name="option">The option that gives the folder, for the message.</param>
    /// <exception cref="UserErrorException">The folder can't be created or written.</exception>
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
                $"cannot write to the folder {folder} ({exception.Message.TrimEnd('.')}): choose another for {option}", exception);
        }
    }
}
