using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>SVHN's cropped digits: a MAT-file for either part with the images X, 32 × 32 × 3 × N bytes, and the digits y, N × 1, 10 for 0.</summary>
/// <param name="withExtra">Whether the easier digits of extra_32x32.mat are training images too.</param>
public sealed class SvhnLayout(bool withExtra) : FileLayout
{
    public override IReadOnlyList<LayoutFile> Files { get; } =
    [
        LayoutFile.Packable("train_32x32.mat"),
        LayoutFile.Packable("test_32x32.mat"),
        .. withExtra ? [LayoutFile.Packable("extra_32x32.mat")] : Array.Empty<LayoutFile>(),
    ];

    public override ImageSets Read(PublishedDataset source, IReadOnlyList<string?> paths, FileReader reader)
    {
        ImageSet[] sets = [.. paths.Select(path => reader.Read(path!, file => ReadImages(file, source)))];
        return new ImageSets(ImageSet.Join([sets[0], .. sets[2..]]), sets[1]);
    }

    /// <exception cref="InvalidDataException">The file is not such a file, or is damaged.</exception>
    public static ImageSet ReadImages(UntrustedStream file, PublishedDataset source)
    {
        IReadOnlyDictionary<string, MatArray> arrays = MatFile.Read(file, ["X", "y"]);
        if (!arrays.TryGetValue("X", out MatArray? images) || !arrays.TryGetValue("y", out MatArray? digits))
        {
            throw new InvalidDataException("it has no numeric arrays X and y");
        }
        ImageShape shape = source.Shape;
        // A single image loses its last dimension in MATLAB.
        int[] dimensions = [.. images.Dimensions, .. images.Dimensions.Count == 3 ? [1] : Array.Empty<int>()];
        if (images.Storage != MatStorage.UInt8 || !dimensions.AsSpan().StartsWith([shape.Height, shape.Width, shape.Channels])
            || dimensions.Length != 4)
        {
            throw new InvalidDataException(
                $"X has {string.Join(" × ", images.Dimensions)} numbers of type {images.Storage}, but {source.Title} has {shape} × N bytes");
        }
        if (digits.Count != dimensions[3] || digits.Count == 0)
        {
            throw new InvalidDataException($"X has {dimensions[3]} images, but y has {digits.Count} digits");
        }
        byte[] labels = new byte[digits.Count];
        PixelOrder order = PixelOrder.FromColumnMajor(shape);
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = digits[i] is var digit && digit is >= 1 and <= 10 && digit == Math.Floor(digit) ? (byte)(digit % 10)
                : throw new InvalidDataException($"y has the digit {digit}, but {source.Title}'s are numbered from 1 to 10");
            Span<byte> image = images.Bytes.AsSpan(i * shape.Pixels, shape.Pixels);
            order.Apply(image, image);
        }
        return source.Images(images.Bytes, labels);
    }
}
