using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// A network as attacks see it, in batches of a given size. A loss's cotangent is computed on the host, between the two passes. A
/// <see cref="GradientAttack"/> does not go that way: its ascent stays on the device.
/// </summary>
public sealed class AttackedNetwork : IClassifier
{
    private readonly int _batchSize;
    private readonly CapturedFunction<CapturedTensor> _logits;

    /// <param name="device">The device that holds the classifier's parameters.</param>
    /// <param name="classifier">The network to attack; its outputs are logits.</param>
    /// <param name="image">The shape of one input image.</param>
    /// <param name="classes">The number of classes k.</param>
    /// <param name="statistics">
    /// Which statistics batch norm uses. <see cref="BatchStatistics.Train"/> would change the running statistics and is refused.
    /// </param>
    /// <param name="batchSize">The most images of one pass.</param>
    public AttackedNetwork(
        IDevice device, Network classifier, ImageShape image, int classes, BatchStatistics statistics = BatchStatistics.Running, int batchSize = 200)
    {
        if (statistics == BatchStatistics.Train)
        {
            throw new ArgumentException(
                "an attack leaves the classifier as it is, and with these statistics its running ones would move", nameof(statistics));
        }
        (Device, Network, Statistics, _batchSize) = (device, classifier, statistics, batchSize);
        (Height, Width, Channels, Classes) = (image.Height, image.Width, image.Channels, classes);
        _logits = new CapturedFunction<CapturedTensor>(device, (tape, inputs) => new CapturedTensor(classifier.Forward(tape, inputs[0], statistics)));
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public int Classes { get; }

    public PassCount Passes { get; internal set; }

    /// <summary>Whether its answers depend on <see cref="BatchStatistics"/>.</summary>
    public bool HasBatchNorm => Network.RunningStatistics.Count > 0;

    internal IDevice Device { get; }

    internal Network Network { get; }

    internal BatchStatistics Statistics { get; }

    private int Pixels => Height * Width * Channels;

    public void Logits(ReadOnlySpan<float> images, Span<float> logits)
    {
        for (int first = 0, count; first < images.Length / Pixels; first += count)
        {
            count = Math.Min(_batchSize, (images.Length / Pixels) - first);
            using Tensor x = Upload(images.Slice(first * Pixels, count * Pixels), count);
            Device.Download(_logits.Run(x).Value.Buffer, logits.Slice(first * Classes, count * Classes));
            _logits.Release();
            Passes += new PassCount(count, 0);
        }
    }

    public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
    {
        float[] cotangents = new float[Math.Min(_batchSize, images.Length / Pixels) * Classes];
        for (int first = 0, count; first < images.Length / Pixels; first += count)
        {
            count = Math.Min(_batchSize, (images.Length / Pixels) - first);
            using Tape tape = new(Device);
            using Tensor x = Upload(images.Slice(first * Pixels, count * Pixels), count);
            Span<float> scores = logits.Slice(first * Classes, count * Classes);
            Tensor outputs = Network.Forward(tape, x, Statistics);
            Device.Download(outputs.Buffer, scores);
            Array.Clear(cotangents);
            for (int row = 0; row < count; row++)
            {
                losses[first + row] = loss(first + row, scores.Slice(row * Classes, Classes), cotangents.AsSpan(row * Classes, Classes));
            }
            using Tensor cotangent = Tensor.From(Device, outputs.Shape, cotangents.AsSpan(0, count * Classes));
            Tensor gradient = tape.Gradient(tape.Sum(tape.Multiply(outputs, cotangent)), [x], differentiable: false)[0];
            Device.Download(gradient.Buffer, gradients.Slice(first * Pixels, count * Pixels));
            Passes += new PassCount(count, count);
        }
    }

    /// <summary>The same network with other batch norm statistics.</summary>
    public AttackedNetwork With(BatchStatistics statistics) =>
        new(Device, Network, new ImageShape(Height, Width, Channels), Classes, statistics, _batchSize);

    private Tensor Upload(ReadOnlySpan<float> images, int count) => Tensor.From(Device, new Shape(count, Height, Width, Channels), images);
}
