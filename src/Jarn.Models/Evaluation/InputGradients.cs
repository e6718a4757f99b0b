using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// ∇ₓ of images' cross-entropy, whose derivative in the logits is rounded to float32 as in an attack: where the softmax is saturated, it is zero.
/// </summary>
/// <param name="Losses">ℓ of each image.</param>
/// <param name="Values">N rows of H·W·C.</param>
public sealed record InputGradients(double[] Losses, float[] Values)
{
    /// <summary>N, the number of images.</summary>
    public int Count => Losses.Length;

    /// <summary>The gradient of one image, H·W·C numbers.</summary>
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

    /// <param name="classifier">The classifier whose loss ℓ is differentiated.</param>
    public static InputGradients Measure(IClassifier classifier, AttackedImages images)
    {
        InputGradients gradients = new(new double[images.Count], new float[images.Pixels.Length]);
        using CpuDevice host = new(threads: 1);
        using Tensor labels = Tensor.OneHot(host, images.Labels, classifier.Classes);
        LogitLoss loss = AttackLoss.CrossEntropy.Of(host, labels.ToArray(), classifier.Classes);
        classifier.Gradients(images.Pixels, loss, new float[labels.Length], gradients.Losses, gradients.Values);
        return gradients;
    }
}
