using System.Text;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>Files that are either whole or absent: a reader, a crash or a full disk never leaves half of one.</summary>
public static class AtomicFile
{
    private const string Ending = ".tmp";

    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Writes to a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it, replacing what was there.
    /// When <paramref name="write"/> throws, the temporary file goes and what was there stays.
    /// </summary>
    /// <exception cref="UserErrorException">The folder is absent or can't be written, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        // In the same folder, for a rename is atomic only within a file system.
        string temporary = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{Ending}");
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                // Not disposed: where writing failed, nothing is to be flushed while the exception is on its way.
                BufferedStream stream = new(file, BufferSize);
                write(stream);
                stream.Flush();
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Discard(temporary);
            if (UserErrorException.IsFileSystemRefusal(exception))
            {
                throw new UserErrorException(
                    $"cannot write {path} ({UserErrorException.Reason(exception)}): choose a writable folder on a disk with free space",
                    exception);
            }
            throw;
        }
    }

    /// <summary>Writes UTF-8 text, in whole or not at all.</summary>
    /// <exception cref="UserErrorException">The folder is absent or can't be written, or the disk is full.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether a file is one that a killed process may have left half written.</summary>
    public static bool IsTemporary(string path) => Path.GetFileName(path) is ['.', ..] && Path.GetExtension(path) == Ending;

    /// <summary>Deletes what killed processes left half written; a folder that none is writing to, or that is absent.</summary>
    /// <exception cref="UserErrorException">A file can't be deleted.</exception>
    public static void Sweep(string folder)
    {
        try
        {
            foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder).Where(IsTemporary) : [])
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"cannot write to the folder {folder} ({UserErrorException.Reason(exception)}): choose another one", exception);
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            // The failure that brought us here is the one to report.
        }
    }
}
