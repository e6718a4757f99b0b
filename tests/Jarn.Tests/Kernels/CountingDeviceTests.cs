using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Operations and bytes against counts by hand.</summary>
public sealed class CountingDeviceTests
{
    private CountingDevice _device = null!;

    [SetUp]
    public void Open() => _device = new CountingDevice();

    [TearDown]
    public void Close() => _device.Dispose();

    [Test]
    public void A_networks_gradient_costs_two_products_a_layer_and_one_less_in_the_first()
    {
        using Tensor x = new(_device, new Shape(2, 8, 8, 3)), first = new(_device, new Shape(3, 3, 3, 5));
        using Tensor second = new(_device, new Shape(3, 3, 5, 7));
        using (Tape tape = new(_device))
        {
            Tensor hidden = tape.Convolution(x, first, ConvolutionGeometry.Same(x.Shape, first.Shape, stride: 1));
            Tensor total = tape.Sum(tape.Convolution(hidden, second, ConvolutionGeometry.Same(hidden.Shape, second.Shape, stride: 2)));
            tape.Gradient(total, [first, second], differentiable: false);
        }
        // 2 images × 8×8 pixels × 3×3 taps × 3 channels × 5 filters, and 4×4 pixels × 3×3 × 5 × 7, two operations each.
        const double First = 2 * 2 * 64 * 27 * 5, Second = 2 * 2 * 16 * 45 * 7;
        Assert.That(
            _device.Entries.Where(entry => entry.IsProduct).Select(entry => (entry.Operation, entry.Calls, entry.OperationsPerCall)),
            Is.EquivalentTo([
                ("Convolution", 1L, First), ("ConvolutionFilterGradient", 1L, First),
                ("Convolution", 1L, Second), ("ConvolutionInputGradient", 1L, Second), ("ConvolutionFilterGradient", 1L, Second),
            ]));
        WorkEntry strided = _device.Entries.Single(entry => entry is { Operation: "Convolution", OperationsPerCall: Second });
        Assert.That(strided.BytesPerCall, Is.EqualTo(4 * ((2 * 64 * 5) + (45 * 7) + (2 * 16 * 7))));
        Assert.That(strided.Shape, Is.EqualTo("2×8×8×5→7 3×3/2"));
    }

    [Test]
    public void Batch_norm_passes_three_five_and_eight_times()
    {
        BatchNormGeometry geometry = new(20, 6, 1e-3);
        DeviceBuffer Full() => _device.Allocate(120);
        DeviceBuffer Channels() => _device.Allocate(6);
        BatchNormGradientInputs inputs = new(Full(), Channels(), Full(), Channels(), Channels(), Channels());
        _device.BatchNorm(inputs.X, inputs.Gamma, inputs.Beta, geometry, Full(), inputs.Mean, inputs.ReciprocalDeviation);
        _device.BatchNormGradient(inputs, geometry, Full(), Channels(), Channels());
        _device.BatchNormGradientGradient(
            inputs, new BatchNormSecondCotangents(Full(), Channels(), Channels()), geometry, Full(), Channels(), Full());
        Assert.That(_device.Entries.Select(entry => entry.BytesPerCall / (4 * 120)), Is.EqualTo([3, 5, 8]));
        Assert.That(_device.Entries.Select(entry => entry.Shape), Is.All.EqualTo("20×6"));
    }

    [Test]
    public void Equal_calls_share_an_entry_and_a_reset_forgets_them()
    {
        using DeviceBuffer x = _device.Allocate(60), bias = _device.Allocate(5);
        AxisGeometry perChannel = new(1, 12, 5);
        for (int i = 0; i < 3; i++)
        {
            _device.Zip(new Add(), x, bias, perChannel, x);
        }
        _device.Sum(x, perChannel, bias);
        Assert.That(_device.Entries, Is.EqualTo([
            new WorkEntry("Zip Add", new CallCost("1×12×5", 60, Reads: 60 + 5, Writes: 60), Calls: 3),
            new WorkEntry("Sum", new CallCost("1×12×5", 60, Reads: 60, Writes: 5), Calls: 1),
        ]));
        _device.Reset();
        Assert.That(_device.Entries, Is.Empty);
        Assert.That(_device.Memory.PeakElements, Is.EqualTo(65));
    }

    [Test]
    public void There_are_no_values()
    {
        using DeviceBuffer x = _device.Allocate(3);
        Assert.That(() => _device.Download(x, new float[3]), Throws.InvalidOperationException);
        Assert.That(() => _device.Upload(new float[2], x), Throws.ArgumentException);
    }
}
