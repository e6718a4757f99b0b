using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Images and their one-hot labels on a device: N×H×W×C pixels in [0, 1] and N×k.</summary>
public sealed class Batch(IDevice device, ImageSet images, int count) : IDisposable
{
    public Tensor Images { get; } = new(device, new Shape(count, images.Height, images.Width, images.Channels));

    public Tensor Labels { get; } = new(device, new Shape(count, images.ClassCount));

    public int Count => Images.Shape[0];

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
