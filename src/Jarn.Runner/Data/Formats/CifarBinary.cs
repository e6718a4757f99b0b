namespace Jarn.Runner.Data;

/// <summary>
/// The binary version of CIFAR-10 and CIFAR-100 (A. Krizhevsky: Learning multiple layers of features from tiny images, 2009): records of
/// one label byte, or a coarse and a fine one, and 3 × 32 × 32 pixels; no header.
/// </summary>
public static class CifarBinary
{
    /// <summary>Reads a file such as <c>data_batch_1.bin</c>, from an archive or a folder.</summary>
    /// <param name="file">A stream with the file's records and nothing else.</param>
    /// <param name="source">The data set, which determines the images' shape and classes.</param>
    /// <param name="labelBytes">The number of label bytes before the pixels. The last of them is the label.</param>
    /// <exception cref="InvalidDataException">The file is truncated, empty, or has a label that is no class.</exception>
    public static ImageSet Read(UntrustedStream file, PublishedDataset source, int labelBytes)
    {
        int record = labelBytes + source.Shape.Pixels;
        byte[] bytes = file.ReadRest();
        if (bytes.Length < record || bytes.Length % record != 0)
        {
            throw new InvalidDataException($"its {bytes.Length} bytes are not a whole number of {source.Title}'s records of {record} bytes");
        }
        byte[] labels = new byte[bytes.Length / record];
        PixelOrder order = PixelOrder.FromPlanes(source.Shape);
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<byte> from = bytes.AsSpan(i * record, record);
            labels[i] = source.Label(from[labelBytes - 1]);
            // In place: an image moves towards the beginning, over labels and images that were read.
            order.Apply(from[labelBytes..], bytes.AsSpan(i * source.Shape.Pixels, source.Shape.Pixels));
        }
        return source.Images(bytes.AsMemory(0, labels.Length * source.Shape.Pixels), labels);
    }
}
