namespace Jarn.Models;

/// <summary>
/// A function of N logits, one image's: writes its cotangent ∂ℓ/∂z and gives back ℓ. Called once an image, in order.
/// </summary>
/// <param name="image">The image's index among those that were passed.</param>
/// <param name="logits">The logits z, one per class.</param>
/// <param name="cotangent">Receives ∂ℓ/∂z.</param>
public delegate double LogitLoss(int image, ReadOnlySpan<float> logits, Span<float> cotangent);

/// <summary>
/// All that attacks and audits know of a classifier: its logits, and input gradients of losses of them. Images are rows of H·W·C pixels in host
/// memory, any number of them.
/// </summary>
public interface IClassifier
{
    /// <summary>The height H of an input image.</summary>
    int Height { get; }

    /// <summary>The width W of an input image.</summary>
    int Width { get; }

    /// <summary>The number of channels C of an input image.</summary>
    int Channels { get; }

    /// <summary>k: logits of an image.</summary>
    int Classes { get; }

    /// <summary>What has been asked so far, for the figures of what attacks cost; zero where the classifier doesn't count.</summary>
    PassCount Passes => default;

    /// <param name="images">N rows of H·W·C pixels.</param>
    /// <param name="logits">Receives N rows of k.</param>
    void Logits(ReadOnlySpan<float> images, Span<float> logits);

    /// <returns>N rows of k logits.</returns>
    float[] Logits(AttackedImages images)
    {
        float[] logits = new float[images.Count * Classes];
        Logits(images.Pixels, logits);
        return logits;
    }

    /// <summary>∇ₓℓ(z(x)) of each image, for one forward and one backward pass an image.</summary>
    /// <param name="images">N rows of H·W·C pixels.</param>
    /// <param name="loss">ℓ, which also says how it depends on the logits.</param>
    /// <param name="logits">Receives N rows of k.</param>
    /// <param name="losses">Receives N values of ℓ.</param>
    /// <param name="gradients">Receives N rows of H·W·C.</param>
    void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients);
}

/// <summary>The cost of an attack, in passes of a single image.</summary>
/// <param name="Forward">Forward passes, including those that backward passes need.</param>
public readonly record struct PassCount(long Forward, long Backward)
{
    public static PassCount operator +(PassCount left, PassCount right) => new(left.Forward + right.Forward, left.Backward + right.Backward);

    public static PassCount operator -(PassCount left, PassCount right) => new(left.Forward - right.Forward, left.Backward - right.Backward);
}
