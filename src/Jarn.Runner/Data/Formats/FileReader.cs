using System.Security.Cryptography;

namespace Jarn.Runner.Data;

/// <summary>Opens the files of a data set, takes their checksums, and hands them to whoever knows their format.</summary>
/// <param name="published">The files that are known; null for none.</param>
/// <param name="mustBePublished">Whether the files are our own downloads, which must be as published to the byte.</param>
public sealed class FileReader(IReadOnlyList<SourceFile>? published = null, bool mustBePublished = false)
{
    private readonly List<FileRead> _files = [];

    /// <summary>The files that were read so far.</summary>
    public IReadOnlyList<FileRead> Files => _files;

    /// <inheritdoc cref="UntrustedStream.Parse"/>
    public T Read<T>(string path, Func<UntrustedStream, T> parse)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
            bool? isPublished = IsPublished(path, file);
            file.Position = 0;
            // config.json is read in other folders, too.
            _files.Add(new FileRead(Path.GetFullPath(path), Convert.ToHexStringLower(SHA256.HashData(file)), isPublished));
            file.Position = 0;
            return UntrustedStream.Parse(file, path, parse);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): give another --data-dir", exception);
        }
    }

    /// <summary>Null where no such file is published; users may have packed the same content anew.</summary>
    private bool? IsPublished(string path, FileStream file)
    {
        if (published?.FirstOrDefault(known => known.Name == Path.GetFileName(path)) is not SourceFile known)
        {
            return null;
        }
        if (file.Length != known.Length && !mustBePublished)
        {
            return false;
        }
        string md5 = Convert.ToHexStringLower(MD5.HashData(file));
        return md5 == known.Md5 || (!mustBePublished ? false
            : throw new UserErrorException($"{path} has md5 {md5} instead of {known.Md5}: delete it to have it downloaded again"));
    }
}
