namespace Jarn.Runner.Data;

/// <summary>Labelled images, held as the bytes of the file: N × H × W × C, row-major, 255 for white.</summary>
public sealed class ImageSet
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;

    /// <param name="pixels">As many as the images need.</param>
    /// <param name="labels">One an image, each below the number of classes.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="classNames">A name for each label.</param>
    public ImageSet(
        ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int height, int width, int channels, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfZero(classNames.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classNames.Count, byte.MaxValue + 1);
        if (labels.IsEmpty || (long)labels.Length * height * width * channels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} pixels for {labels.Length} images of {height} × {width} × {channels}");
        }
        if (labels.Span.ContainsAnyExceptInRange<byte>(0, (byte)(classNames.Count - 1)))
        {
            throw new ArgumentException($"a label is not below {classNames.Count}", nameof(labels));
        }
        (_pixels, _labels, Height, Width, Channels, ClassNames) = (pixels, labels, height, width, channels, classNames);
    }

    public int Count => _labels.Length;

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public int PixelsPerImage => Height * Width * Channels;

    public IReadOnlyList<string> ClassNames { get; }

    public int ClassCount => ClassNames.Count;

    /// <summary>One label an image.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>The pixels of one image, H × W × C.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels.Span.Slice(index * PixelsPerImage, PixelsPerImage);

    /// <summary>The first <paramref name="count"/> images, or all where there are fewer; they share their memory with this set.</summary>
    public ImageSet Limit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return count >= Count ? this : new(_pixels[..(count * PixelsPerImage)], _labels[..count], Height, Width, Channels, ClassNames);
    }

    /// <summary>Fills a batch.</summary>
    /// <param name="indices">B images, in the batch's order.</param>
    /// <param name="pixels">B × H × W × C, in [0, 1].</param>
    /// <param name="oneHotLabels">B × classes: 1 at the label, 0 elsewhere.</param>
    public void Fill(ReadOnlySpan<int> indices, Span<float> pixels, Span<float> oneHotLabels)
    {
        if (pixels.Length != indices.Length * PixelsPerImage || oneHotLabels.Length != indices.Length * ClassCount)
        {
            throw new ArgumentException(
                $"{pixels.Length} pixels and {oneHotLabels.Length} one-hot values for {indices.Length} images "
                + $"of {PixelsPerImage} pixels and {ClassCount} classes");
        }
        oneHotLabels.Clear();
        for (int row = 0; row < indices.Length; row++)
        {
            ReadOnlySpan<byte> image = Image(indices[row]);
            Span<float> target = pixels.Slice(row * PixelsPerImage, PixelsPerImage);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = image[i] / 255f;
            }
            oneHotLabels[row * ClassCount + _labels.Span[indices[row]]] = 1;
        }
    }
}
