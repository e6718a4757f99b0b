namespace Jarn.Runner.Data;

/// <summary>Where to look for data, besides the data sets' own places.</summary>
/// <param name="Given">The folder of <c>--data-dir</c>: if there is one, nothing else is looked at.</param>
/// <param name="Environment">The folder of <c>$JARN_DATA</c>.</param>
/// <param name="Cache">Where downloads are kept, a subfolder for each data set.</param>
public sealed record DataFolders(string? Given, string? Environment, string Cache)
{
    /// <summary>Where a run found its files: looked at before the usual places when its images are wanted again.</summary>
    public IReadOnlyList<string> OfRun { get; init; } = [];

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
        List<string> candidates = [.. folders.OfRun];
        if (folders.Environment is string environment)
        {
            candidates.AddRange([Path.Combine(environment, source.Name), environment]);
        }
        candidates.Add(CacheFolder(source));
        if (source.SystemFolder is string system)
        {
            candidates.Add(system);
        }
        return [.. candidates.Distinct()];
    }

    /// <summary>The first folder that holds what the data set needs, or null.</summary>
    /// <exception cref="UserErrorException">The folder that the user named holds nothing of it, or one found on the way only some files.</exception>
    public LocatedFiles? Find(DatasetSource source) => Look(source) ?? (folders.Given is not string given ? null
        : throw new UserErrorException(
            $"{given} does not contain {source.Title} ({string.Join(", or ", source.Layouts.Select(Needed))}), nor does a subfolder {source.Name}: "
            + $"give another --data-dir{source.OrStandIn}"));

    /// <summary>The same where a folder without any of the files is no fault.</summary>
    /// <exception cref="UserErrorException">A folder holds only some files.</exception>
    public LocatedFiles? Look(DatasetSource source)
    {
        foreach (string folder in Candidates(source))
        {
            bool isCache = !IsGiven && folder == CacheFolder(source);
            LocatedFiles[] found = [.. source.Layouts.SelectMany(layout => In(folder, layout, isCache))];
            if (found.FirstOrDefault(files => Missing(files).Length == 0) is LocatedFiles whole)
            {
                return whole;
            }
            // A cache with some of the files is a download that was broken off; it goes on.
            if (found.Length > 0 && !isCache)
            {
                string[] missing = Missing(found[0]);
                throw new UserErrorException(
                    $"{found[0].Folder} contains only some files of {source.Title}, {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing: "
                    + "add what is missing, or give another --data-dir");
            }
        }
        return null;
    }

    /// <summary>The layout's files in the folder and its subfolder, where there are any.</summary>
    private static IEnumerable<LocatedFiles> In(string folder, FileLayout layout, bool isCache)
    {
        string[] places = layout.Subfolder.Length == 0 ? [folder] : [folder, Path.Combine(folder, layout.Subfolder)];
        return places
            .Select(place => new LocatedFiles(place, layout, [.. layout.Files.Select(file => Existing(place, file))], isCache))
            .Where(files => files.Paths.Any(path => path is not null));
    }

    private static string? Existing(string folder, LayoutFile file) =>
        file.Spellings.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string[] Missing(LocatedFiles files) =>
        [.. files.Layout.Files.Where((file, i) => files.Paths[i] is null && !file.IsOptional).Select(file => file.Name)];

    private static string Needed(FileLayout layout) => string.Join(" and ", layout.Files.Where(file => !file.IsOptional).Select(file => file.Name));
}
