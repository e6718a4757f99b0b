using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A network as an attack sees it, in batches of a given size. The loss's cotangent is computed on the host, between the two passes.</summary>
/// <param name="device">Where the classifier lives.</param>
/// <param name="classifier">What is attacked.</param>
/// <param name="image">Of one image: 1×H×W×C.</param>
/// <param name="classes">k.</param>
/// <param name="statistics">Of batch norm; <see cref="BatchStatistics.Train"/> would move the running ones and is refused.</param>
/// <param name="batchSize">The most images of a pass.</param>
public sealed class AttackedNetwork(
    IDevice device, Network classifier, Shape image, int classes, BatchStatistics statistics = BatchStatistics.Running, int batchSize = 200) : IAttackedClassifier
{
    private readonly BatchStatistics _statistics = statistics != BatchStatistics.Train ? statistics
        : throw new ArgumentException("an attack leaves the classifier as it is, and with these statistics its running ones would move", nameof(statistics));

    public int Height { get; } = image[1];

    public int Width { get; } = image[2];

    public int Channels { get; } = image[3];

    public int Classes { get; } = classes;

    public PassCount Passes { get; private set; }

    private int Pixels => Height * Width * Channels;

    public void Logits(ReadOnlySpan<float> images, Span<float> logits)
    {
        for (int first = 0, count; first < images.Length / Pixels; first += count)
        {
            count = Math.Min(batchSize, (images.Length / Pixels) - first);
            using Tape tape = new(device, recording: false);
            using Tensor x = Upload(images.Slice(first * Pixels, count * Pixels), count);
            Forward(tape, x, logits.Slice(first * Classes, count * Classes));
            Passes += new PassCount(count, 0);
        }
    }

    public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
    {
        float[] cotangents = new float[Math.Min(batchSize, images.Length / Pixels) * Classes];
        for (int first = 0, count; first < images.Length / Pixels; first += count)
        {
            count = Math.Min(batchSize, (images.Length / Pixels) - first);
            using Tape tape = new(device);
            using Tensor x = Upload(images.Slice(first * Pixels, count * Pixels), count);
            Span<float> scores = logits.Slice(first * Classes, count * Classes);
            Tensor outputs = Forward(tape, x, scores);
            Array.Clear(cotangents);
            for (int row = 0; row < count; row++)
            {
                losses[first + row] = loss(first + row, scores.Slice(row * Classes, Classes), cotangents.AsSpan(row * Classes, Classes));
            }
            using Tensor cotangent = new(device, outputs.Shape);
            device.Upload(cotangents.AsSpan(0, count * Classes), cotangent.Buffer);
            Tensor gradient = tape.Gradient(tape.Sum(tape.Multiply(outputs, cotangent)), [x], differentiable: false)[0];
            device.Download(gradient.Buffer, gradients.Slice(first * Pixels, count * Pixels));
            Passes += new PassCount(count, count);
        }
    }

    private Tensor Upload(ReadOnlySpan<float> images, int count)
    {
        Tensor x = new(device, new Shape(count, Height, Width, Channels));
        device.Upload(images, x.Buffer);
        return x;
    }

    private Tensor Forward(Tape tape, Tensor x, Span<float> logits)
    {
        Tensor outputs = classifier.Forward(tape, x, _statistics);
        device.Download(outputs.Buffer, logits);
        return outputs;
    }
}
