using Jarn.Models;

namespace Jarn.Tests.Models.Attacks;

/// <summary>A classifier on the host, of images of one row: whatever is asked of it beside an image, the answer to that image has the same bits.</summary>
public abstract class HostClassifier(int pixels, int classes) : IAttackedClassifier
{
    public int Height => 1;

    public int Width { get; } = pixels;

    public int Channels => 1;

    public int Classes { get; } = classes;

    public PassCount Passes { get; private set; }

    public virtual void Logits(ReadOnlySpan<float> images, Span<float> logits)
    {
        for (int row = 0; row < images.Length / Width; row++)
        {
            Forward(images.Slice(row * Width, Width), logits.Slice(row * Classes, Classes));
            Passes += new PassCount(1, 0);
        }
    }

    public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
    {
        float[] cotangent = new float[Classes];
        for (int row = 0; row < images.Length / Width; row++)
        {
            Span<float> scores = logits.Slice(row * Classes, Classes);
            Forward(images.Slice(row * Width, Width), scores);
            losses[row] = loss(row, scores, cotangent);
            Backward(images.Slice(row * Width, Width), cotangent, gradients.Slice(row * Width, Width));
            Passes += new PassCount(1, 1);
        }
    }

    protected abstract void Forward(ReadOnlySpan<float> x, Span<float> logits);

    protected abstract void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> cotangent, Span<float> gradient);
}

/// <summary>z = Wx with random weights: the strongest attack of each size is known.</summary>
public sealed class LinearClassifier : HostClassifier
{
    private readonly double[][] _weights;

    public LinearClassifier(int pixels, int classes, int seed = 1)
        : base(pixels, classes)
    {
        Random random = new(seed);
        _weights = [.. Enumerable.Range(0, classes).Select(_ => Enumerable.Range(0, pixels).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];
    }

    /// <summary>Images with the labels that this classifier gives them.</summary>
    public AttackedImages Images(int count)
    {
        Random random = new(2);
        float[] pixels = [.. Enumerable.Range(0, count * Width).Select(_ => random.NextSingle())], logits = new float[count * Classes];
        for (int i = 0; i < count; i++)
        {
            Forward(pixels.AsSpan(i * Width, Width), logits.AsSpan(i * Classes, Classes));
        }
        return new AttackedImages(
            pixels, [.. logits.Chunk(Classes).Select(row => Array.IndexOf(row, row.Max()))], [.. Enumerable.Range(100, count).Select(i => (uint)i)]);
    }

    /// <summary>Whether max over the wrong classes t and the box of (w_t − w_y)x′ is negative: each pixel at the end of its range that its weight asks for.</summary>
    public bool Withstands(ReadOnlySpan<float> x, int label, double epsilon)
    {
        for (int target = 0; target < Classes; target++)
        {
            double largest = 0;
            for (int i = 0; i < Width; i++)
            {
                double weight = _weights[target][i] - _weights[label][i];
                largest += weight * Math.Clamp(x[i] + (Math.Sign(weight) * epsilon), 0, 1);
            }
            if (target != label && largest >= 0)
            {
                return false;
            }
        }
        return true;
    }

    protected override void Forward(ReadOnlySpan<float> x, Span<float> logits)
    {
        for (int k = 0; k < Classes; k++)
        {
            double sum = 0;
            for (int i = 0; i < Width; i++)
            {
                sum += _weights[k][i] * x[i];
            }
            logits[k] = (float)sum;
        }
    }

    protected override void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> cotangent, Span<float> gradient)
    {
        for (int i = 0; i < Width; i++)
        {
            double sum = 0;
            for (int k = 0; k < Classes; k++)
            {
                sum += _weights[k][i] * cotangent[k];
            }
            gradient[i] = (float)sum;
        }
    }
}
