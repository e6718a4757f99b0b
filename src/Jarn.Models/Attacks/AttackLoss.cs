using System.Text.RegularExpressions;
using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A loss that an attack can increase.</summary>
/// <param name="Suffix">The suffix of an attack's name, such as -margin; empty for the cross-entropy.</param>
/// <param name="Title">The suffix of the name as people write it.</param>
/// <param name="PerSample">N×k logits and as many one-hot labels → N losses.</param>
public sealed record AttackLoss(string Suffix, string Title, Func<Tape, Tensor, Tensor, Tensor> PerSample)
{
    /// <summary>What an attack's definition appends to its syntax.</summary>
    internal const string Syntax = "[-margin]";

    /// <summary>What an attack's definition appends to its form.</summary>
    internal const string Form = "(?<margin>-margin)?";

    /// <summary>The cross-entropy. Where float32 finds the true class's probability to be 1, its gradient is exactly zero.</summary>
    public static AttackLoss CrossEntropy { get; } = new("", "", Operations.CrossEntropy);

    /// <summary>The largest wrong logit minus the true one (Carlini and Wagner 2017): it does not saturate, however large logits are.</summary>
    public static AttackLoss Margin { get; } = new("-margin", ", margin loss", LargestWrongMinusTrue);

    /// <summary>The loss that an attack's name ends with, if the name matches <see cref="Form"/>.</summary>
    internal static AttackLoss Of(Match name) => name.Groups["margin"].Success ? Margin : CrossEntropy;

    /// <summary>The loss for logits in host memory, image by image.</summary>
    /// <param name="host">The device that computes it in float32, as a network's device does.</param>
    /// <param name="labels">N rows of k, as in <see cref="PerSample"/>.</param>
    /// <param name="classes">The number of classes k.</param>
    internal LogitLoss Of(IDevice host, float[] labels, int classes) => (image, logits, cotangent) =>
    {
        Shape row = new(1, classes);
        using Tape tape = new(host);
        using Tensor z = Tensor.From(host, row, logits), y = Tensor.From(host, row, labels.AsSpan(image * classes, classes));
        Tensor losses = PerSample(tape, z, y);
        double loss = losses.ToScalar();
        host.Download(tape.Gradient(tape.Sum(losses), [z], differentiable: false)[0].Buffer, cotangent);
        return loss;
    };

    /// <summary>
    /// max over the wrong classes of z − z of the true class. The maximum is ⟨p, z⟩ with p = softmax(2⁶⁶(z − 2⁶⁰y)), which is 1 at the largest wrong
    /// logit, exactly so where no other is within 2⁻⁵⁹ of it, and shared evenly where others equal it; p is piecewise constant, and so taken for a
    /// constant. The factors leave room in float32 for logits up to 2⁵⁹.
    /// </summary>
    private static Tensor LargestWrongMinusTrue(Tape tape, Tensor logits, Tensor labels)
    {
        const double exclusion = 1L << 60, sharpness = 64.0 * exclusion;
        Tensor largest = tape.Softmax(tape.Scale(tape.Subtract(logits, tape.Scale(labels, exclusion)), sharpness));
        Tensor weights = tape.Subtract(largest, labels);
        return tape.SumSamples(tape.Multiply(logits, Tape.View(weights, weights.Shape)));
    }
}
