using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Training;

namespace Jarn.Runner.Evaluation;

/// <param name="Accuracy">Images still classified rightly, in per cent of all.</param>
/// <param name="ZeroGradient">Images whose input gradient was exactly zero at the attack's first step, in per cent of all.</param>
public sealed record AttackResult(double Accuracy, double ZeroGradient);

/// <summary>Measures a classifier on a set of images, in eval mode.</summary>
public sealed class Evaluator(IDevice device, Network classifier, ImageSet images, ulong seed)
{
    private const int BatchSize = 200;

    private readonly CapturedFunction _logits = new(device, (tape, inputs) => [classifier.Forward(tape, inputs[0], BatchStatistics.Running)]);
    private readonly float[] _scores = new float[BatchSize * images.ClassCount];
    private readonly float[] _before = new float[BatchSize * images.PixelsPerImage], _after = new float[BatchSize * images.PixelsPerImage];

    /// <summary>How many batches a pass has.</summary>
    public int Batches => (images.Count + BatchSize - 1) / BatchSize;

    /// <summary>Accuracy on the images as they are, in per cent.</summary>
    /// <param name="batchDone">Told of each batch.</param>
    public double Clean(Action<int> batchDone)
    {
        int correct = 0;
        using BatchLoader batches = InOrder();
        for (int index = 0; index < Batches; index++)
        {
            correct += Correct(batches.Next().Images, index);
            batchDone(index + 1);
        }
        return Percent(correct);
    }

    /// <summary>Accuracy under attack. Each adversarial image is checked before it counts.</summary>
    /// <exception cref="InvalidOperationException">The attack left the ε-ball or the pixel range.</exception>
    public AttackResult Run(Attack attack, Action<int> batchDone)
    {
        int correct = 0, zeroGradients = 0;
        RandomStream starts = new(seed, RandomStream.AttackStart);
        using BatchLoader batches = InOrder();
        for (int index = 0; index < Batches; index++)
        {
            Batch batch = batches.Next();
            using Tensor perturbed = new(device, batch.Images.Shape);
            zeroGradients += attack.Run(classifier, batch.Images, batch.Labels, starts.At((uint)index), perturbed);
            RequireAdmissible(attack, batch.Images, perturbed);
            correct += Correct(perturbed, index);
            batchDone(index + 1);
        }
        return new AttackResult(Percent(correct), Percent(zeroGradients));
    }

    private void RequireAdmissible(Attack attack, Tensor original, Tensor perturbed)
    {
        const float rounding = 1e-6f;
        ReadOnlySpan<float> before = Download(original, _before), after = Download(perturbed, _after);
        for (int i = 0; i < after.Length; i++)
        {
            if (!(Math.Abs(after[i] - before[i]) <= attack.Epsilon + rounding && after[i] >= 0 && after[i] <= 1))
            {
                throw new InvalidOperationException($"{attack.Name} moved a pixel from {before[i]} to {after[i]} with ε = {attack.Epsilon}");
            }
        }
    }

    private BatchLoader InOrder() => new(device, images, BatchSize, [[.. Enumerable.Range(0, images.Count)]]);

    private int Correct(Tensor x, int batch)
    {
        ReadOnlySpan<float> logits = Download(_logits.Run(x)[0], _scores);
        int classes = images.ClassCount, correct = 0;
        for (int row = 0; row < x.Shape[0]; row++)
        {
            ReadOnlySpan<float> scores = logits.Slice(row * classes, classes);
            int label = images.Labels[(batch * BatchSize) + row];
            // A tie, or a score that is no number, is not a right answer.
            correct += scores.Count(scores[label]) == 1 && !scores.ContainsAnyInRange(MathF.BitIncrement(scores[label]), float.PositiveInfinity) ? 1 : 0;
        }
        _logits.Release();
        return correct;
    }

    private ReadOnlySpan<float> Download(Tensor tensor, float[] memory)
    {
        Span<float> values = memory.AsSpan(0, tensor.Length);
        device.Download(tensor.Buffer, values);
        return values;
    }

    private double Percent(int count) => 100.0 * count / images.Count;
}
