namespace Jarn.Runner.Data;

/// <summary>Finds the files of a published data set on this machine.</summary>
public sealed class DataLocator(DataFolders folders)
{
    /// <summary>The data set's subfolder of the cache.</summary>
    public string CacheFolder(PublishedDataset dataset) => Path.Combine(folders.Cache, dataset.Name);

    /// <summary>The folders that are looked at, in order.</summary>
    public IReadOnlyList<string> Candidates(PublishedDataset dataset)
    {
        if (folders.Given is string given)
        {
            return [Path.Combine(given, dataset.Name), given];
        }
        List<string> candidates = [.. folders.OfRun];
        if (folders.Environment is string environment)
        {
            candidates.AddRange([Path.Combine(environment, dataset.Name), environment]);
        }
        candidates.Add(CacheFolder(dataset));
        if (dataset.SystemFolder is string system)
        {
            candidates.Add(system);
        }
        return [.. candidates.Distinct()];
    }

    /// <summary>The first folder that holds what the data set needs, or null.</summary>
    /// <exception cref="UserErrorException">A folder holds only some files.</exception>
    public LocatedFiles? Find(PublishedDataset dataset)
    {
        foreach (string folder in Candidates(dataset))
        {
            bool isCache = folders.Given is null && folder == CacheFolder(dataset);
            LocatedFiles[] found = [.. dataset.Layouts.SelectMany(layout => In(folder, layout, isCache))];
            if (found.FirstOrDefault(files => Missing(files).Length == 0) is LocatedFiles whole)
            {
                return whole;
            }
            // A cache with some of the files is a download that was broken off; it goes on.
            if (found.Length > 0 && !isCache)
            {
                string[] missing = Missing(found[0]);
                throw new UserErrorException(
                    $"{found[0].Folder} contains only some files of {dataset.Title}, {string.Join(", ", missing)} "
                    + $"{(missing.Length == 1 ? "is" : "are")} missing: add what is missing, or give another --data-dir");
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
}
