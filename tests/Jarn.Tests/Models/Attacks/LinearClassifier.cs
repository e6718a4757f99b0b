using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>z = W·x + b, whose worst case under any attack is known.</summary>
/// <param name="weights">W: k rows of H·W·C.</param>
/// <param name="bias">b: k numbers.</param>
internal sealed class LinearClassifier(int height, int width, int channels, float[][] weights, float[] bias) : IClassifier
{
    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    public int Classes => weights.Length;

    public PassCount Passes { get; private set; }

    /// <summary>Sees the images of every question.</summary>
    public Action<float[]>? Asked { get; set; }

    public static LinearClassifier Random(int seed, int height, int width, int channels, int classes)
    {
        Random random = new(seed);
        return new LinearClassifier(height, width, channels,
            [.. Enumerable.Range(0, classes).Select(_ => Floats(height * width * channels))], Floats(classes));

        float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>W, H·W·C rows of k.</summary>
    public float[] Weights() => [.. Enumerable.Range(0, height * width * channels).SelectMany(pixel => weights.Select(row => row[pixel]))];

    public float[] Bias() => bias;

    /// <summary>w_to − w_from.</summary>
    public double[] Direction(int from, int to) => [.. weights[to].Zip(weights[from], (a, b) => (double)a - b)];

    /// <summary>z of an image.</summary>
    public double[] Scores(ReadOnlySpan<float> image)
    {
        double[] scores = [.. bias];
        for (int label = 0; label < Classes; label++)
        {
            for (int i = 0; i < image.Length; i++)
            {
                scores[label] += (double)weights[label][i] * image[i];
            }
        }
        return scores;
    }

    /// <summary>
    /// Whether max over the wrong classes t and the box of z_t − z_y is negative: each pixel at the end of its range that its weight asks for.
    /// </summary>
    public bool Withstands(ReadOnlySpan<float> image, int label, double epsilon)
    {
        double[] scores = Scores(image);
        for (int target = 0; target < Classes; target++)
        {
            double[] direction = Direction(label, target);
            double largest = scores[target] - scores[label];
            for (int i = 0; i < image.Length; i++)
            {
                largest += direction[i] * (Math.Clamp(image[i] + (Math.Sign(direction[i]) * epsilon), 0, 1) - image[i]);
            }
            if (target != label && largest >= 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Random images, uniform in [low, high] and clamped to [0, 1], labelled by the classifier.</summary>
    public AttackedImages Images(int seed, int count, float low, float high)
    {
        Random random = new(seed);
        int pixels = height * width * channels;
        float[] images = [.. Enumerable.Range(0, count * pixels).Select(_ => Math.Clamp(low + (random.NextSingle() * (high - low)), 0, 1))];
        double[][] scores = [.. images.Chunk(pixels).Select(image => Scores(image))];
        return new AttackedImages(images, [.. scores.Select(z => Array.IndexOf(z, z.Max()))], [.. Enumerable.Range(0, count).Select(i => (uint)i)]);
    }

    public void Logits(ReadOnlySpan<float> images, Span<float> logits)
    {
        Ask(images, logits);
        Passes += new PassCount(images.Length / weights[0].Length, 0);
    }

    public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
    {
        Ask(images, logits);
        int pixels = weights[0].Length, count = images.Length / pixels;
        Passes += new PassCount(count, count);
        gradients[..images.Length].Clear();
        for (int row = 0; row < count; row++)
        {
            float[] cotangent = new float[Classes];
            losses[row] = loss(row, logits.Slice(row * Classes, Classes), cotangent);
            for (int label = 0; label < Classes; label++)
            {
                for (int i = 0; i < pixels && cotangent[label] != 0; i++)
                {
                    gradients[(row * pixels) + i] += cotangent[label] * weights[label][i];
                }
            }
        }
    }

    private void Ask(ReadOnlySpan<float> images, Span<float> logits)
    {
        Asked?.Invoke(images.ToArray());
        int pixels = weights[0].Length;
        for (int row = 0; row < images.Length / pixels; row++)
        {
            double[] scores = Scores(images.Slice(row * pixels, pixels));
            for (int label = 0; label < Classes; label++)
            {
                logits[(row * Classes) + label] = (float)scores[label];
            }
        }
    }
}
