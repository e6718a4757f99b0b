using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>Labelled images: N × H × W × C bytes, row-major, 255 for white.</summary>
public sealed class ImageSet : IImageSet
{
    /// <summary>The number of classes that a 16-bit label can distinguish.</summary>
    public const int MostClasses = ushort.MaxValue + 1;

    // Whole images each; data sets come in several files, and a copy of 1.8 GB is worth avoiding.
    private readonly ReadOnlyMemory<byte>[] _parts;
    private readonly int[] _ends;
    private readonly ReadOnlyMemory<ushort> _labels;

    /// <param name="pixels">The pixels of all images, H × W × C each.</param>
    /// <param name="labels">One label per image, each less than the number of classes.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="classNames">A name for each label.</param>
    public ImageSet(
        ReadOnlyMemory<byte> pixels, ReadOnlyMemory<ushort> labels, int height, int width, int channels, IReadOnlyList<string> classNames)
        : this([pixels], labels, new ImageShape(height, width, channels), classNames)
    {
    }

    /// <summary>A set with one byte per label, as most files have them.</summary>
    public ImageSet(ReadOnlyMemory<byte> pixels, ReadOnlySpan<byte> labels, int height, int width, int channels, IReadOnlyList<string> classNames)
        : this(pixels, Widened(labels), height, width, channels, classNames)
    {
    }

    private ImageSet(ReadOnlyMemory<byte>[] parts, ReadOnlyMemory<ushort> labels, ImageShape shape, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Channels, 1);
        ArgumentOutOfRangeException.ThrowIfZero(classNames.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classNames.Count, MostClasses);
        long pixels = parts.Sum(part => (long)part.Length);
        if (labels.IsEmpty || (long)labels.Length * shape.Height * shape.Width * shape.Channels != pixels)
        {
            throw new ArgumentException($"{pixels} pixels for {labels.Length} images of {shape.Height} × {shape.Width} × {shape.Channels}");
        }
        if (labels.Span.ContainsAnyExceptInRange<ushort>(0, (ushort)(classNames.Count - 1)))
        {
            throw new ArgumentException($"a label is not below {classNames.Count}", nameof(labels));
        }
        (_parts, _labels, Shape, ClassNames) = (parts, labels, shape, classNames);
        _ends = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            _ends[i] = (i == 0 ? 0 : _ends[i - 1]) + (parts[i].Length / PixelsPerImage);
        }
    }

    public int Count => _labels.Length;

    public ImageShape Shape { get; }

    public int Height => Shape.Height;

    public int Width => Shape.Width;

    public int Channels => Shape.Channels;

    public int PixelsPerImage => Shape.Pixels;

    public IReadOnlyList<string> ClassNames { get; }

    public int ClassCount => ClassNames.Count;

    /// <summary>One label per image.</summary>
    public ReadOnlySpan<ushort> Labels => _labels.Span;

    /// <summary>Sets of one shape and the same classes as one, in this order; pixels are shared and not copied.</summary>
    public static ImageSet Join(IReadOnlyList<ImageSet> sets)
    {
        ImageSet first = sets[0];
        if (sets.Any(set => (set.Shape, set.ClassNames) != (first.Shape, first.ClassNames)))
        {
            throw new ArgumentException("sets of several shapes or classes", nameof(sets));
        }
        ushort[] labels = new ushort[sets.Sum(set => set.Count)];
        int filled = 0;
        foreach (ImageSet set in sets)
        {
            set.Labels.CopyTo(labels.AsSpan(filled));
            filled += set.Count;
        }
        return new ImageSet([.. sets.SelectMany(set => set._parts)], labels, first.Shape, first.ClassNames);
    }

    /// <summary>The pixels of one image, H × W × C.</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        int part = 0;
        while (part + 1 < _parts.Length && index >= _ends[part])
        {
            part++;
        }
        int within = part == 0 ? index : index - _ends[part - 1];
        return _parts[part].Span.Slice(within * PixelsPerImage, PixelsPerImage);
    }

    /// <summary>The first <paramref name="count"/> images, or all where there are fewer; they share their memory with this set.</summary>
    public ImageSet Limit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= Count)
        {
            return this;
        }
        int last = Array.FindIndex(_ends, end => end >= count);
        int beyond = (_ends[last] - count) * PixelsPerImage;
        return new ImageSet([.. _parts[..last], _parts[last][..^beyond]], _labels[..count], Shape, ClassNames);
    }

    /// <summary>Some of the images, in this order; their pixels are copied.</summary>
    public ImageSet Select(IReadOnlyList<int> indices)
    {
        byte[] pixels = new byte[indices.Count * PixelsPerImage];
        ushort[] labels = new ushort[indices.Count];
        for (int i = 0; i < indices.Count; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * PixelsPerImage));
            labels[i] = Labels[indices[i]];
        }
        return new ImageSet([pixels], labels, Shape, ClassNames);
    }

    public int Label(int image) => Labels[image];

    public AttackedImages Take(IReadOnlyList<int> places)
    {
        float[] pixels = new float[places.Count * PixelsPerImage];
        Fill([.. places], pixels, new float[places.Count * ClassCount]);
        return new AttackedImages(pixels, [.. places.Select(Label)], [.. places.Select(place => (uint)place)]);
    }

    /// <summary>Copies images and their labels into a batch.</summary>
    /// <param name="indices">The indices of the B images, in the batch's order.</param>
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

    private static ushort[] Widened(ReadOnlySpan<byte> labels)
    {
        ushort[] wide = new ushort[labels.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = labels[i];
        }
        return wide;
    }
}
