using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Bench;

/// <summary>The three networks of Algorithm 1 with a batch for them: N×H×W×C images and N×10 one-hot labels.</summary>
internal sealed record Workload(JarnNetworks Networks, Tensor Images, Tensor Labels) : IDisposable
{
    public const int PaperBatch = 64;

    private const int Classes = 10;

    /// <summary>The paper's networks for MNIST.</summary>
    public static Workload Mnist(IDevice device, int samples = PaperBatch, int extent = 28) => Create(
        device, new Shape(samples, extent, extent, 1), initializer => new MnistCnn(initializer, Classes, InputTransform.None), [64, 128]);

    /// <summary>The paper's networks for CIFAR-10, at any width.</summary>
    public static Workload WideResNet(IDevice device, int width, int samples = PaperBatch, int extent = 32) => Create(
        device, new Shape(samples, extent, extent, 3), initializer => new WideResNet(initializer, 3, Classes, InputTransform.None, width),
        [32, 64, 128, 256, 512]);

    public void Dispose()
    {
        Networks.Classifier.Dispose();
        Networks.Adaptor.Dispose();
        Networks.Discriminator.Dispose();
        Images.Dispose();
        Labels.Dispose();
    }

    private static Workload Create(IDevice device, Shape shape, Func<Initializer, Network> classifier, int[] discriminatorWidths)
    {
        (int samples, int extent, int channels) = (shape[0], shape[1], shape[3]);
        JarnNetworks networks = new(
            classifier(new Initializer(device, 3, 0)),
            new Adaptor(new Initializer(device, 3, 1), channels),
            new Discriminator(new Initializer(device, 3, 2), new ImageShape(extent, extent, channels), discriminatorWidths));
        Tensor images = new(device, shape);
        device.RandomUniform(new RandomKey(4, 0), 0, 1, images.Buffer);
        // Each sample's channels have a brightness of their own: to a mean over pixels images of noise alone are all the same.
        using DeviceBuffer brightness = device.Allocate(samples * channels);
        device.RandomUniform(new RandomKey(4, 1), 0, 1, brightness);
        device.Zip(new Multiply(), images.Buffer, brightness, new AxisGeometry(samples, extent * extent, channels), images.Buffer);
        Tensor labels = Tensor.From(
            device, new Shape(samples, Classes),
            [.. Enumerable.Range(0, samples * Classes).Select(i => i % Classes == i / Classes % Classes ? 1f : 0f)]);
        return new Workload(networks, images, labels);
    }
}
