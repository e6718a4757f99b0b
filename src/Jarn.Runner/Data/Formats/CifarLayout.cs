namespace Jarn.Runner.Data;

/// <summary>The file names of one of the CIFAR data sets.</summary>
/// <param name="Archive">The archive that the authors publish.</param>
/// <param name="Folder">The folder in the archive.</param>
/// <param name="Train">The training files. The first is required; if others are missing, the data set is a subset.</param>
/// <param name="Test">The test file, which is required.</param>
/// <param name="LabelBytes">The number of label bytes in a record. The last of them is the label.</param>
public sealed record CifarNames(string Archive, string Folder, IReadOnlyList<string> Train, string Test, int LabelBytes)
{
    public static CifarNames Cifar10 { get; } = new(
        "cifar-10-binary.tar.gz", "cifar-10-batches-bin", [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin")],
        "test_batch.bin", 1);

    /// <summary>Coarse labels, of 20 classes, come before the fine ones.</summary>
    public static CifarNames Cifar100 { get; } = new("cifar-100-binary.tar.gz", "cifar-100-binary", ["train.bin"], "test.bin", 2);

    /// <summary>The training images' files in their order, then the test images'.</summary>
    public IEnumerable<string> All => [.. Train, Test];
}

/// <summary>CIFAR's files unpacked, gzipped again or not.</summary>
public sealed class CifarFolderLayout(CifarNames names) : FileLayout
{
    public override string Subfolder => names.Folder;

    public override IReadOnlyList<LayoutFile> Files { get; } =
        [.. names.All.Select(name => LayoutFile.Packable(name, isOptional: name != names.Train[0] && name != names.Test))];

    public override ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader)
    {
        ImageSet[] sets = [.. paths.OfType<string>().Select(path => reader.Read(path, file => CifarBinary.Read(file, source, names.LabelBytes)))];
        return new ImageSets(ImageSet.Join(sets[..^1]), sets[^1]);
    }
}

/// <summary>CIFAR's archive; its files are read where they are.</summary>
public sealed class CifarArchiveLayout(CifarNames names) : FileLayout
{
    public override IReadOnlyList<LayoutFile> Files { get; } = [new LayoutFile([names.Archive])];

    public override ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader) =>
        reader.Read(paths[0]!, archive => ReadArchive(archive, source));

    /// <exception cref="InvalidDataException">The file is not such an archive, or is damaged or incomplete.</exception>
    public ImageSets ReadArchive(UntrustedStream archive, PublishedDataset source)
    {
        Dictionary<string, ImageSet> sets = [];
        Tar.Read(archive, (name, content) =>
        {
            if (names.All.Contains(name) && !sets.TryAdd(name, CifarBinary.Read(content, source, names.LabelBytes)))
            {
                throw new InvalidDataException($"it has two files {name}");
            }
        });
        return names.All.FirstOrDefault(name => !sets.ContainsKey(name)) is string missing
            ? throw new InvalidDataException($"it has no file {missing}")
            : new ImageSets(ImageSet.Join([.. names.Train.Select(name => sets[name])]), sets[names.Test]);
    }
}
