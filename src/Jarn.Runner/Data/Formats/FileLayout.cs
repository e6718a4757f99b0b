namespace Jarn.Runner.Data;

/// <summary>A file in a <see cref="FileLayout"/>.</summary>
/// <param name="Spellings">The names under which it is met; the first is its proper one.</param>
/// <param name="IsOptional">Whether the data set is usable without it, as a subset.</param>
public sealed record LayoutFile(IReadOnlyList<string> Spellings, bool IsOptional = false)
{
    public string Name => Spellings[0];

    /// <summary>A file that may be gzipped.</summary>
    public static LayoutFile Packable(string name, bool isOptional = false) => new([name, $"{name}.gz"], isOptional);
}

/// <summary>The files of a data set on this machine.</summary>
/// <param name="Folder">They are all in it.</param>
/// <param name="Layout">The layout of the files in the folder.</param>
/// <param name="Paths">One path per file of the layout; null for an optional file that is missing.</param>
/// <param name="IsCache">Whether these are our own downloads.</param>
public sealed record LocatedFiles(string Folder, FileLayout Layout, IReadOnlyList<string?> Paths, bool IsCache);

/// <summary>The two parts of a data set.</summary>
public sealed record ImageSets(ImageSet Train, ImageSet Test);

/// <summary>How a data set lies in a folder, and how its files are read. A format has one layout or two.</summary>
public abstract class FileLayout
{
    /// <summary>The folder in an unpacked archive; empty if the files are not in a folder.</summary>
    public virtual string Subfolder => "";

    public abstract IReadOnlyList<LayoutFile> Files { get; }

    /// <summary>The files that it cannot do without, for people.</summary>
    public string Needed => string.Join(" and ", Files.Where(file => !file.IsOptional).Select(file => file.Name));

    /// <param name="source">The data set that the files should hold.</param>
    /// <param name="paths">The paths of the files, from <see cref="LocatedFiles.Paths"/>.</param>
    /// <exception cref="UserErrorException">A file can't be read, is damaged, or holds something else.</exception>
    public abstract ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader);
}
