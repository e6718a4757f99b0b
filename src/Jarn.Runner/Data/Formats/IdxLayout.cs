namespace Jarn.Runner.Data;

/// <summary>Images and labels of either part in an idx file each, as MNIST and its successors are published.</summary>
public sealed class IdxLayout : FileLayout
{
    /// <summary>
    /// Training images and labels, then those of the test set: with or without gzip, "-idx3-" or, as some unpackers leave it, ".idx3-".
    /// </summary>
    public override IReadOnlyList<LayoutFile> Files { get; } =
    [
        Spelled("train-images-idx3-ubyte"), Spelled("train-labels-idx1-ubyte"), Spelled("t10k-images-idx3-ubyte"), Spelled("t10k-labels-idx1-ubyte"),
    ];

    public override ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader) =>
        new(ReadPair(source, paths[0]!, paths[1]!, reader), ReadPair(source, paths[2]!, paths[3]!, reader));

    private static LayoutFile Spelled(string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new LayoutFile([$"{name}.gz", name, $"{dotted}.gz", dotted]);
    }

    private static ImageSet ReadPair(PublishedDataset source, string imagesPath, string labelsPath, FileReader reader)
    {
        IdxArray images = reader.Read(imagesPath, file => Idx.Read(file, rank: 3));
        byte[] labels = reader.Read(labelsPath, file => ReadLabels(file, source));
        (int count, int height, int width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if ((height, width) != (source.Shape.Height, source.Shape.Width))
        {
            throw new UserErrorException(
                $"{imagesPath} has images of {height} × {width}, but {source.Title}'s are {source.Shape}: give another --data-dir");
        }
        return count == labels.Length ? source.Images(images.Values, labels)
            : throw new UserErrorException(
                $"{imagesPath} has {count} images, but {labelsPath} has {labels.Length} labels: give files that belong together");
    }

    private static byte[] ReadLabels(UntrustedStream file, PublishedDataset source)
    {
        byte[] labels = Idx.Read(file, rank: 1).Values;
        foreach (byte label in labels)
        {
            source.Label(label);
        }
        return labels;
    }
}
