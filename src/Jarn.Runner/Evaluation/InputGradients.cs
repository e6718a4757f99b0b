using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Training;

namespace Jarn.Runner.Evaluation;

/// <summary>∇ₓ of images' cross-entropy, as the device computes it in its own precision; on the host.</summary>
/// <param name="Losses">ℓ of each image.</param>
/// <param name="Values">N rows of H·W·C.</param>
public sealed record InputGradients(float[] Losses, float[] Values)
{
    private const int BatchSize = 200;

    /// <summary>N.</summary>
    public int Count => Losses.Length;

    /// <summary>Of one image.</summary>
    public ReadOnlySpan<float> Of(int image) => Values.AsSpan(image * (Values.Length / Count), Values.Length / Count);

    /// <summary>Whether an attack can follow a gradient: it is not zero everywhere, and no part of it has overflowed.</summary>
    public static bool IsUsable(ReadOnlySpan<float> gradient)
    {
        foreach (float slope in gradient)
        {
            if (!float.IsFinite(slope))
            {
                return false;
            }
        }
        return gradient.ContainsAnyExcept(0);
    }

    /// <param name="device">Where the classifier lives.</param>
    /// <param name="classifier">Whose loss ℓ is.</param>
    /// <param name="images">N of them.</param>
    /// <param name="statistics">Of batch norm.</param>
    public static InputGradients Measure(IDevice device, Network classifier, ImageSet images, BatchStatistics statistics = BatchStatistics.Running)
    {
        InputGradients gradients = new(new float[images.Count], new float[images.Count * images.PixelsPerImage]);
        using BatchLoader batches = new(device, images, BatchSize, [[.. Enumerable.Range(0, images.Count)]]);
        for (int first = 0; first < images.Count; first += BatchSize)
        {
            Batch batch = batches.Next();
            using Tape tape = new(device);
            Tensor losses = tape.CrossEntropy(classifier.Forward(tape, batch.Images, statistics), batch.Labels);
            device.Download(losses.Buffer, gradients.Losses.AsSpan(first, batch.Count));
            Tensor gradient = tape.Gradient(tape.Sum(losses), [batch.Images], differentiable: false)[0];
            device.Download(gradient.Buffer, gradients.Values.AsSpan(first * images.PixelsPerImage, batch.Count * images.PixelsPerImage));
        }
        return gradients;
    }
}
