namespace Jarn.Runner.Data;

/// <summary>Where to look for data, besides the data sets' own places.</summary>
/// <param name="Given">The folder of <c>--data-dir</c>: if there is one, nothing else is looked at.</param>
/// <param name="Environment">The folder of <c>$JARN_DATA</c>.</param>
/// <param name="Cache">Where downloads are kept, a subfolder for each data set.</param>
public sealed record DataFolders(string? Given, string? Environment, string Cache)
{
    /// <summary>The folders of this user and process.</summary>
    public static DataFolders OfUser(string? given) =>
        new(given, NullIfEmpty(System.Environment.GetEnvironmentVariable("JARN_DATA")), Path.Combine(UserCache(), "jarn"));

    // The XDG base directory specification; it has relative paths ignored.
    private static string UserCache() =>
        System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is string cache && Path.IsPathFullyQualified(cache) ? cache
        : OperatingSystem.IsWindows() ? System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".cache");

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>The files of a data set, in the order of <see cref="DatasetSource.Files"/>.</summary>
/// <param name="Folder">They are all in it.</param>
/// <param name="Paths">One a file.</param>
/// <param name="IsCache">Whether these are our own downloads.</param>
public sealed record LocatedFiles(string Folder, IReadOnlyList<string> Paths, bool IsCache);

/// <summary>Finds the files of a data set on this machine.</summary>
public sealed class DataLocator(DataFolders folders)
{
    /// <summary>The data set's subfolder of the cache.</summary>
    public string CacheFolder(DatasetSource source) => Path.Combine(folders.Cache, source.Name);

    /// <summary>Whether the user named the one folder to look at.</summary>
    public bool IsGiven => folders.Given is not null;

    /// <summary>The folders that are looked at, in order.</summary>
    public IReadOnlyList<string> Candidates(DatasetSource source)
    {
        if (folders.Given is string given)
        {
            return [Path.Combine(given, source.Name), given];
        }
        List<string> candidates = [];
        if (folders.Environment is string environment)
        {
            candidates.AddRange([Path.Combine(environment, source.Name), environment]);
        }
        candidates.Add(CacheFolder(source));
        if (source.SystemFolder is string system)
        {
            candidates.Add(system);
        }
        return candidates;
    }

    /// <summary>The first folder that holds all four files, or null.</summary>
    /// <exception cref="UserErrorException">The folder that the user named lacks files, or one found on the way holds only some of them.</exception>
    public LocatedFiles? Find(DatasetSource source)
    {
        foreach (string folder in Candidates(source))
        {
            bool isCache = !IsGiven && folder == CacheFolder(source);
            string?[] paths = [.. source.Files.Select(file => Existing(folder, file))];
            if (paths.All(path => path is not null))
            {
                return new LocatedFiles(folder, paths!, isCache);
            }
            // A cache with some of the files is a download that was broken off; it goes on.
            if (paths.Any(path => path is not null) && !isCache)
            {
                throw new UserErrorException(
                    $"{folder} holds only some files of {source.Title}, {Missing(source, paths)} missing: "
                    + "add what is missing, or give another --data-dir");
            }
        }
        return folders.Given is string given
            ? throw new UserErrorException(
                $"{given} holds no {source.Title} ({source.TrainImages.CompressedName} and its three companions), "
                + $"nor does a subfolder {source.Name}: give another --data-dir, or --data sketch for drawn digits")
            : null;
    }

    private static string? Existing(string folder, SourceFile file) =>
        file.Spellings.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Missing(DatasetSource source, string?[] paths)
    {
        string[] names = [.. source.Files.Where((_, i) => paths[i] is null).Select(file => file.CompressedName)];
        return names.Length == 1 ? $"{names[0]} is" : $"{string.Join(", ", names)} are";
    }
}
