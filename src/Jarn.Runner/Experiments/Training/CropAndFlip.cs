using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// <see cref="Augmentation.CropAndFlip"/>, as in Madry et al.'s and the authors' code. What happens to an image is a function of the seed and of
/// the image's place in the training alone. For one thread.
/// </summary>
public sealed class CropAndFlip(ulong seed, ImageSet images)
{
    /// <summary>Rows and columns of zeros on each side.</summary>
    private const int Padding = 2;

    private readonly float[] _original = new float[images.PixelsPerImage];

    /// <summary>Changes an image in place.</summary>
    /// <param name="pixels">An image, H×W×C.</param>
    /// <param name="place">How many images the training saw before it, over all epochs.</param>
    public void Apply(Span<float> pixels, ulong place)
    {
        PhiloxSequence random = new(new RandomStream(seed, RandomStream.Augmentation).At(0), place);
        int down = random.Below((2 * Padding) + 1) - Padding, right = random.Below((2 * Padding) + 1) - Padding;
        bool flipped = random.Below(2) == 1;
        pixels.CopyTo(_original);
        pixels.Clear();
        int channels = images.Channels;
        for (int row = Math.Max(0, -down); row < Math.Min(images.Height, images.Height - down); row++)
        {
            for (int column = Math.Max(0, -right); column < Math.Min(images.Width, images.Width - right); column++)
            {
                int target = flipped ? images.Width - 1 - column : column;
                ReadOnlySpan<float> source = _original.AsSpan(((((row + down) * images.Width) + column + right) * channels), channels);
                source.CopyTo(pixels.Slice(((row * images.Width) + target) * channels, channels));
            }
        }
    }
}
