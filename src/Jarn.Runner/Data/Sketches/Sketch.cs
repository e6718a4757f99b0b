using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>Draws one image, H × W × C, and returns its label.</summary>
internal delegate byte Artist(ref PhiloxSequence random, Span<byte> pixels);

/// <summary>
/// A drawn data set for a machine that has no data and cannot get any. One and the same in every run: image i of either part depends on i
/// alone. Artists use additions, products, quotients and square roots only, which IEEE 754 rounds alike everywhere.
/// </summary>
public sealed class Sketch
{
    private const ulong TrainStream = 0;
    private const ulong TestStream = 1;

    // An image takes fewer than 2¹² blocks: at most one for every pixel's grain, and some for what is drawn.
    private const int BlockBitsPerImage = 12;

    private readonly ulong _seed;
    private readonly int _side, _channels;
    private readonly IReadOnlyList<string> _classNames;
    private readonly Artist _artist;

    internal Sketch(ulong seed, int trainCount, int testCount, int side, int channels, IReadOnlyList<string> classNames, Artist artist)
    {
        (_seed, TrainCount, TestCount) = (seed, trainCount, testCount);
        (_side, _channels, _classNames, _artist) = (side, channels, classNames, artist);
    }

    public int TrainCount { get; }

    public int TestCount { get; }

    public int PixelsPerImage => _side * _side * _channels;

    /// <summary>The first <paramref name="count"/> training images, at most <see cref="TrainCount"/>.</summary>
    public ImageSet Train(int count) => DrawSet(Math.Min(count, TrainCount), new RandomKey(_seed, TrainStream));

    /// <summary>The first <paramref name="count"/> test images, at most <see cref="TestCount"/>.</summary>
    public ImageSet Test(int count) => DrawSet(Math.Min(count, TestCount), new RandomKey(_seed, TestStream));

    /// <summary>Draws image <paramref name="index"/> of a stream, its class chosen uniformly; returns its label.</summary>
    /// <param name="key">The seed and the stream of the random numbers.</param>
    /// <param name="index">The index of the image in the stream.</param>
    /// <param name="pixels"><see cref="PixelsPerImage"/> bytes, H × W × C.</param>
    public byte Draw(RandomKey key, int index, Span<byte> pixels)
    {
        PhiloxSequence random = new(key, (ulong)index << BlockBitsPerImage);
        return _artist(ref random, pixels);
    }

    private ImageSet DrawSet(int count, RandomKey key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        byte[] pixels = new byte[count * PixelsPerImage];
        byte[] labels = new byte[count];
        Parallel.For(0, count, i => labels[i] = Draw(key, i, pixels.AsSpan(i * PixelsPerImage, PixelsPerImage)));
        return new ImageSet(pixels, labels, _side, _side, _channels, _classNames);
    }
}
