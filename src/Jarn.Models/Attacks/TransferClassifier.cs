namespace Jarn.Models;

/// <summary>A classifier with the gradients of another one, which makes every attack on it a transfer attack.</summary>
/// <param name="target">The classifier to attack: it computes the logits.</param>
/// <param name="source">The classifier that gives the gradients.</param>
public sealed class TransferClassifier(IClassifier target, IClassifier source) : IClassifier
{
    /// <summary>The classifier that gives the gradients.</summary>
    public IClassifier Source { get; } = source;

    public int Height => target.Height;

    public int Width => target.Width;

    public int Channels => target.Channels;

    public int Classes => target.Classes;

    public PassCount Passes => target.Passes + Source.Passes;

    public void Logits(ReadOnlySpan<float> images, Span<float> logits) => target.Logits(images, logits);

    public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients) =>
        Source.Gradients(images, loss, logits, losses, gradients);
}
