using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Runner;

public sealed class CropAndFlipTests
{
    private const int Height = 6, Width = 5, Channels = 2, Count = 10, Padding = 2, Shifts = (2 * Padding) + 1;

    /// <summary>No two pixels are alike, and none is zero.</summary>
    private readonly ImageSet _images = new(
        new byte[Count * Height * Width * Channels]
            .Select((_, i) => (byte)((i % (Height * Width * Channels)) + 1 + (i / (Height * Width * Channels)))).ToArray(),
        new byte[Count], Height, Width, Channels, ["one"]);

    [Test]
    public void An_image_becomes_each_window_of_itself_in_zeros_and_its_mirror_image_equally_often()
    {
        const int trials = 10_000;
        string[] windows =
        [
            .. from down in Enumerable.Range(0, Shifts)
               from right in Enumerable.Range(0, Shifts)
               from flip in new[] { false, true }
               select Key(Window(down, right, flip)),
        ];
        CropAndFlip augmentation = new(seed: 3, _images);
        Dictionary<string, int> counts = windows.ToDictionary(window => window, _ => 0);
        for (ulong place = 0; place < trials; place++)
        {
            float[] pixels = Pixels(0);
            augmentation.Apply(pixels, place);
            Assert.That(counts.ContainsKey(Key(pixels)), $"what became of the image at place {place} is none of the {windows.Length} windows");
            counts[Key(pixels)]++;
        }
        double expected = (double)trials / windows.Length;
        // Five standard deviations of a binomial count.
        Assert.That(counts.Values, Has.All.EqualTo(expected).Within(5 * Math.Sqrt(expected)));
    }

    [Test]
    public void What_becomes_of_an_image_depends_on_the_seed_and_its_place_and_not_on_batches_or_time()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        float[] Epochs(ulong seed, int batchSize, int milliseconds)
        {
            using CpuDevice device = new(threads: 1);
            using BatchLoader loader = new(device, _images, batchSize, [order, order], new CropAndFlip(seed, _images));
            List<float> pixels = [];
            while (pixels.Count < 2 * Count * _images.PixelsPerImage)
            {
                Thread.Sleep(milliseconds);
                pixels.AddRange(loader.Next().Images.ToArray());
            }
            return [.. pixels];
        }
        float[] epochs = Epochs(seed: 1, batchSize: 3, milliseconds: 0);
        Assert.That(Epochs(seed: 1, batchSize: 4, milliseconds: 5), Is.EqualTo(epochs));
        Assert.That(Epochs(seed: 2, batchSize: 3, milliseconds: 0), Is.Not.EqualTo(epochs));
        float[][] halves = [.. epochs.Chunk(epochs.Length / 2)];
        Assert.That(halves[1], Is.Not.EqualTo(halves[0]), "each epoch has windows of its own");
    }

    /// <summary>The window of the padded image that begins at row down and column right, pixel by pixel from the definition.</summary>
    private float[] Window(int down, int right, bool flip)
    {
        float[] original = Pixels(0), window = new float[original.Length];
        for (int i = 0; i < window.Length; i++)
        {
            (int row, int column, int channel) = (i / Channels / Width, i / Channels % Width, i % Channels);
            int sourceRow = row + down - Padding, sourceColumn = (flip ? Width - 1 - column : column) + right - Padding;
            bool isInside = sourceRow is >= 0 and < Height && sourceColumn is >= 0 and < Width;
            window[i] = isInside ? original[(((sourceRow * Width) + sourceColumn) * Channels) + channel] : 0;
        }
        return window;
    }

    private float[] Pixels(int index)
    {
        float[] pixels = new float[_images.PixelsPerImage];
        _images.Fill([index], pixels, new float[_images.ClassCount]);
        return pixels;
    }

    private static string Key(float[] pixels) => string.Join(' ', pixels);
}
