namespace Jarn.Runner.Data;

/// <summary>One file of a <see cref="FileLayout"/>.</summary>
/// <param name="Spellings">The names under which it is met; the first is its proper one.</param>
/// <param name="IsOptional">Whether the data set is usable without it, as a subset.</param>
public sealed record LayoutFile(IReadOnlyList<string> Spellings, bool IsOptional = false)
{
    public string Name => Spellings[0];

    /// <summary>As it is or gzipped.</summary>
    public static LayoutFile Packable(string name, bool isOptional = false) => new([name, $"{name}.gz"], isOptional);
}

/// <summary>The files of a data set on this machine.</summary>
/// <param name="Folder">They are all in it.</param>
/// <param name="Layout">How they lie there.</param>
/// <param name="Paths">One for each of the layout's files; null for an optional one that is not there.</param>
/// <param name="IsCache">Whether these are our own downloads.</param>
public sealed record LocatedFiles(string Folder, FileLayout Layout, IReadOnlyList<string?> Paths, bool IsCache);

/// <summary>The two parts of a data set.</summary>
public sealed record ImageSets(ImageSet Train, ImageSet Test);

/// <summary>How a data set lies in a folder, and how images come out of its files; a format is a layout or two.</summary>
public abstract class FileLayout
{
    /// <summary>Where an archive's files lie once it is unpacked; empty where there is no such folder.</summary>
    public virtual string Subfolder => "";

    public abstract IReadOnlyList<LayoutFile> Files { get; }

    /// <summary>The files that it cannot do without, for people.</summary>
    public string Needed => string.Join(" and ", Files.Where(file => !file.IsOptional).Select(file => file.Name));

    /// <param name="source">The data set that the files should hold.</param>
    /// <param name="paths">The paths of the files, from <see cref="LocatedFiles.Paths"/>.</param>
    /// <exception cref="UserErrorException">A file can't be read, is damaged, or holds something else.</exception>
    public abstract ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader);
}
