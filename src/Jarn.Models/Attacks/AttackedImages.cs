namespace Jarn.Models;

/// <summary>Labelled images, of which a few at a time are wanted in host memory.</summary>
public interface IImageSet
{
    /// <summary>The number of images.</summary>
    int Count { get; }

    /// <summary>The true class of one.</summary>
    int Label(int image);

    /// <summary>Some of them, in this order.</summary>
    AttackedImages Take(IReadOnlyList<int> places);
}

/// <summary>The images that an attack is to change.</summary>
/// <param name="Pixels">N rows of H·W·C pixels in [0, 1].</param>
/// <param name="Labels">N true classes, counted from 0.</param>
/// <param name="Indices">
/// N places in their data set: where an attack draws for each image by itself, the random numbers follow its place and the seed alone.
/// </param>
public sealed record AttackedImages(float[] Pixels, int[] Labels, uint[] Indices) : IImageSet
{
    /// <summary>A small set in which the images are counted from 0.</summary>
    /// <inheritdoc cref="AttackedImages(float[], int[], uint[])"/>
    public AttackedImages(float[] pixels, int[] labels) : this(pixels, labels, [.. Enumerable.Range(0, labels.Length).Select(place => (uint)place)])
    {
    }

    /// <summary>N, the number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>H·W·C; 0 if there are no images.</summary>
    public int PixelsPerImage => Count == 0 ? 0 : Pixels.Length / Count;

    /// <summary>
    /// Which batch these are, of how many: where an attack draws for a batch as a whole, the random numbers follow its number and the seed.
    /// </summary>
    public (int Number, int Count) Batch { get; init; } = (0, 1);

    /// <summary>The pixels of one.</summary>
    public ReadOnlySpan<float> Row(int row) => Pixels.AsSpan(row * PixelsPerImage, PixelsPerImage);

    public int Label(int image) => Labels[image];

    public AttackedImages Take(IReadOnlyList<int> places) => Select(places);

    /// <summary>Some of them, in this order; <paramref name="pixels"/> may hold other pixels for all N, such as those of x′.</summary>
    public AttackedImages Select(IReadOnlyList<int> rows, float[]? pixels = null)
    {
        int length = PixelsPerImage;
        float[] selected = new float[rows.Count * length];
        for (int i = 0; i < rows.Count; i++)
        {
            (pixels ?? Pixels).AsSpan(rows[i] * length, length).CopyTo(selected.AsSpan(i * length));
        }
        return new AttackedImages(selected, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Indices[row])]);
    }
}
