namespace Jarn.Models;

/// <summary>A classifier for whose gradients those of another one stand in, so that every attack on it is a transfer attack.</summary>
/// <param name="target">Tells the logits.</param>
/// <param name="source">Is differentiated.</param>
public sealed class TransferClassifier(IClassifier target, IClassifier source) : IClassifier
{
    /// <summary>Is differentiated.</summary>
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
