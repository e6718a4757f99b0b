using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>What batch norm remembers of its batches, and what it does with it.</summary>
public sealed class BatchNormLayerTests
{
    // Two channels, whose means are 3 and −1 and whose variances, of four values each, 3.5 and 4.
    private static readonly double[] Values = [1, 1, 2, 1, 3, -3, 6, -3];

    private ReferenceDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    /// <summary>
    /// Divided by n, as tf.nn.moments does it and as the batch itself is normalised; TensorFlow's fused kernel remembers that divided by n − 1.
    /// </summary>
    [Test]
    public void A_step_takes_a_tenth_of_the_batchs_mean_and_biased_variance()
    {
        (BatchNormLayer layer, Tensor x) = Layer();
        using Tape tape = new(_device, recording: false);
        layer.Forward(tape, x, BatchStatistics.Batch);
        Assert.That(Statistics(layer), Is.EqualTo(new[] { 0, 0, 1.0, 1 }), "only training moves them");
        layer.Forward(tape, x, BatchStatistics.Train);
        Assert.That(Statistics(layer), Is.EqualTo(new[] { 0.3, -0.1, 0.9 + 0.35, 0.9 + 0.4 }).Within(1e-12));
        layer.Forward(tape, x, BatchStatistics.Train);
        Assert.That(Statistics(layer), Is.EqualTo(new[] { 0.57, -0.19, 1.125 + 0.35, 1.17 + 0.4 }).Within(1e-12));
    }

    [Test]
    public void Evaluation_normalises_with_them()
    {
        (BatchNormLayer layer, Tensor x) = Layer();
        _device.Upload([2.0, 5], layer.RunningStatistics.First().Value.Buffer);
        _device.Upload([0.25, 9], layer.RunningStatistics.Last().Value.Buffer);
        using Tape tape = new(_device, recording: false);
        double[] y = layer.Forward(tape, x, BatchStatistics.Running).ToDoubles();
        double[] expected = [.. Values.Select((value, i) => i % 2 == 0 ? (value - 2) / Math.Sqrt(0.251) : (value - 5) / Math.Sqrt(9.001))];
        Assert.That(y, Is.EqualTo(expected).Within(1e-12));
    }

    private (BatchNormLayer Layer, Tensor X) Layer() =>
        (new BatchNormLayer(new Initializer(_device, 1, 0), "norm", 2), Tensor.From(_device, new Shape(1, 2, 2, 2), Values));

    private static double[] Statistics(BatchNormLayer layer) => [.. layer.RunningStatistics.SelectMany(statistic => statistic.Value.ToDoubles())];
}
