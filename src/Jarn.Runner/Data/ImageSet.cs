using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>Labelled images, held as the bytes of the file: N × H × W × C, row-major, 255 for white.</summary>
public sealed class ImageSet : IImageSet
{
    // Whole images each; data sets come in several files, and a copy of 1.8 GB is worth avoiding.
    private readonly ReadOnlyMemory<byte>[] _parts;
    private readonly int[] _ends;
    private readonly ReadOnlyMemory<byte> _labels;

    /// <param name="pixels">As many as the images need.</param>
    /// <param name="labels">One an image, each below the number of classes.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="classNames">A name for each label.</param>
    public ImageSet(
        ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int height, int width, int channels, IReadOnlyList<string> classNames)
        : this([pixels], labels, height, width, channels, classNames)
    {
    }

    private ImageSet(
        ReadOnlyMemory<byte>[] parts, ReadOnlyMemory<byte> labels, int height, int width, int channels, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfZero(classNames.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classNames.Count, byte.MaxValue + 1);
        long pixels = parts.Sum(part => (long)part.Length);
        if (labels.IsEmpty || (long)labels.Length * height * width * channels != pixels)
        {
            throw new ArgumentException($"{pixels} pixels for {labels.Length} images of {height} × {width} × {channels}");
        }
        if (labels.Span.ContainsAnyExceptInRange<byte>(0, (byte)(classNames.Count - 1)))
        {
            throw new ArgumentException($"a label is not below {classNames.Count}", nameof(labels));
        }
        (_parts, _labels, Height, Width, Channels, ClassNames) = (parts, labels, height, width, channels, classNames);
        _ends = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            _ends[i] = (i == 0 ? 0 : _ends[i - 1]) + (parts[i].Length / PixelsPerImage);
        }
    }

    public int Count => _labels.Length;

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public int PixelsPerImage => Height * Width * Channels;

    /// <summary>Of one image, 1×H×W×C.</summary>
    public Shape Shape => new(1, Height, Width, Channels);

    public IReadOnlyList<string> ClassNames { get; }

    public int ClassCount => ClassNames.Count;

    /// <summary>One label an image.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>Sets of one shape and the same classes as one, in this order; pixels are shared and not copied.</summary>
    public static ImageSet Join(IReadOnlyList<ImageSet> sets)
    {
        ImageSet first = sets[0];
        if (sets.Any(set => (set.Height, set.Width, set.Channels, set.ClassNames) != (first.Height, first.Width, first.Channels, first.ClassNames)))
        {
            throw new ArgumentException("sets of several shapes or classes", nameof(sets));
        }
        byte[] labels = new byte[sets.Sum(set => set.Count)];
        int filled = 0;
        foreach (ImageSet set in sets)
        {
            set.Labels.CopyTo(labels.AsSpan(filled));
            filled += set.Count;
        }
        return new ImageSet([.. sets.SelectMany(set => set._parts)], labels, first.Height, first.Width, first.Channels, first.ClassNames);
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
        return new ImageSet([.. _parts[..last], _parts[last][..^beyond]], _labels[..count], Height, Width, Channels, ClassNames);
    }

    /// <summary>Some of the images, in this order; their pixels are copied.</summary>
    public ImageSet Select(IReadOnlyList<int> indices)
    {
        byte[] pixels = new byte[indices.Count * PixelsPerImage], labels = new byte[indices.Count];
        for (int i = 0; i < indices.Count; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * PixelsPerImage));
            labels[i] = Labels[indices[i]];
        }
        return new ImageSet(pixels, labels, Height, Width, Channels, ClassNames);
    }

    public int Label(int image) => Labels[image];

    public AttackedImages Take(IReadOnlyList<int> places)
    {
        float[] pixels = new float[places.Count * PixelsPerImage];
        Fill([.. places], pixels, new float[places.Count * ClassCount]);
        return new AttackedImages(pixels, [.. places.Select(Label)], [.. places.Select(place => (uint)place)]);
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
