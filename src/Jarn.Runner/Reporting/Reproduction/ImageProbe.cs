using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>The first image of each class, for figures that look at single images.</summary>
public sealed class ImageProbe : IDisposable
{
    private readonly IDevice _device;

    /// <param name="device">The device that receives the images.</param>
    /// <param name="images">To choose from; a class without an image is passed over.</param>
    /// <param name="most">The most images to take, of the first classes.</param>
    public ImageProbe(IDevice device, ImageSet images, int most = int.MaxValue)
    {
        (_device, Source) = (device, images);
        List<int> indices = [];
        for (int label = 0; label < images.ClassCount && indices.Count < most; label++)
        {
            int index = images.Labels.IndexOf((ushort)label);
            if (index >= 0)
            {
                indices.Add(index);
            }
        }
        Indices = indices;
        Values = new float[indices.Count * images.PixelsPerImage];
        float[] labels = new float[indices.Count * images.ClassCount];
        images.Fill([.. indices], Values, labels);
        Images = Tensor.From(device, new Shape(indices.Count, images.Height, images.Width, images.Channels), Values);
        Labels = Tensor.From(device, new Shape(indices.Count, images.ClassCount), labels);
    }

    public ImageSet Source { get; }

    /// <summary>The indices of the images in the set.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>N×H×W×C, in [0, 1].</summary>
    public Tensor Images { get; }

    /// <summary>The pixels on the host.</summary>
    public float[] Values { get; }

    /// <summary>N×k, one-hot.</summary>
    public Tensor Labels { get; }

    /// <summary>∇ₓ of each image's cross-entropy, N×H×W×C: the paper's Jacobian.</summary>
    public float[] Gradient(Network classifier) =>
        InputGradients.Measure(new AttackedNetwork(_device, classifier, Source.Shape, Source.ClassCount), Source.Take(Indices)).Values;

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
