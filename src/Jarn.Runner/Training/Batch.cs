using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>Images and their one-hot labels on a device: N×H×W×C pixels in [0, 1] and N×k.</summary>
public sealed record Batch(Tensor Images, Tensor Labels) : IDisposable
{
    public int Count => Images.Shape[0];

    public static Batch From(IDevice device, ImageSet images, ReadOnlySpan<int> indices)
    {
        float[] pixels = new float[indices.Length * images.PixelsPerImage];
        float[] labels = new float[indices.Length * images.ClassCount];
        images.Fill(indices, pixels, labels);
        return new Batch(
            Tensor.From(device, new Shape(indices.Length, images.Height, images.Width, images.Channels), pixels),
            Tensor.From(device, new Shape(indices.Length, images.ClassCount), labels));
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}

/// <summary>The order of the training images, anew for each epoch: a function of seed and epoch alone.</summary>
public static class Shuffling
{
    public static int[] Order(int count, ulong seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        PhiloxSequence random = new(new RandomStream(seed, RandomStream.Shuffling).At((uint)epoch), 0);
        for (int last = count - 1; last > 0; last--)
        {
            int other = random.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}
