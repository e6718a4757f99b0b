using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Evaluation;

/// <summary>The prediction of a classifier for one image.</summary>
/// <param name="Ranking">Every class with its softmax probability, the likeliest first.</param>
/// <param name="Jacobian">∇ₓ of the cross-entropy with the likeliest class, H×W×C.</param>
public sealed record Prediction(IReadOnlyList<(int Class, double Confidence)> Ranking, float[] Jacobian)
{
    /// <param name="classifier">The network; batch norm uses its running statistics.</param>
    /// <param name="device">The device that holds the network's parameters.</param>
    /// <param name="pixels">H×W×C, 255 for white.</param>
    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public static Prediction Of(Network classifier, IDevice device, ReadOnlySpan<byte> pixels, ImageShape shape)
    {
        using Tensor x = Input(device, pixels, shape);
        using Tape tape = new(device);
        Tensor logits = classifier.Forward(tape, x, BatchStatistics.Running);
        double[] scores = logits.ToDoubles();
        NonFiniteLogitsException.ThrowIfAny(logits.ToArray(), scores.Length);
        double largest = scores.Max(), total = scores.Sum(score => Math.Exp(score - largest));
        (int Class, double Confidence)[] ranking =
            [.. scores.Select((score, label) => (label, Math.Exp(score - largest) / total)).OrderByDescending(entry => scores[entry.label])];
        float[] oneHot = new float[scores.Length];
        oneHot[ranking[0].Class] = 1;
        using Tensor label = Tensor.From(device, logits.Shape, oneHot);
        return new Prediction(ranking, tape.Gradient(tape.Sum(tape.CrossEntropy(logits, label)), [x], differentiable: false)[0].ToArray());
    }

    /// <exception cref="NonFiniteLogitsException">A logit of an image is infinite or NaN.</exception>
    public static void RequireFinite(Network classifier, IDevice device, IReadOnlyList<byte[]> images, ImageShape shape) =>
        NonFiniteLogitsException.ThrowIf(images.Count(pixels =>
        {
            using Tensor x = Input(device, pixels, shape);
            using Tape tape = new(device, recording: false);
            float[] logits = classifier.Forward(tape, x, BatchStatistics.Running).ToArray();
            return NonFiniteLogitsException.CountIn(logits, logits.Length) > 0;
        }), images.Count);

    private static Tensor Input(IDevice device, ReadOnlySpan<byte> pixels, ImageShape shape)
    {
        float[] values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = pixels[i] / 255f;
        }
        return Tensor.From(device, new Shape(1, shape.Height, shape.Width, shape.Channels), values);
    }
}
