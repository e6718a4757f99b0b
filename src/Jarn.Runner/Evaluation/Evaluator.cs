using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Training;

namespace Jarn.Runner.Evaluation;

/// <summary>Measures a classifier on all images of a set. Same seed, same result.</summary>
/// <param name="device">Where the classifier lives.</param>
/// <param name="classifier">What is measured.</param>
/// <param name="images">What it is measured on.</param>
/// <param name="seed">Of the attacks' random starts.</param>
/// <param name="statistics">
/// Of batch norm, for crafting and for predictions alike. With those of the batch, the protocol of the authors' release, images of a batch help
/// one another, and batches are the runs of 200 images in their order, the last one shorter: the figures are those of that partition.
/// </param>
public sealed class Evaluator(
    IDevice device, Network classifier, ImageSet images, ulong seed, BatchStatistics statistics = BatchStatistics.Running)
{
    private const int BatchSize = 200;

    private readonly BatchStatistics _statistics = statistics != BatchStatistics.Train ? statistics
        : throw new ArgumentException("a measurement leaves the classifier as it is, and with these statistics its running ones would move", nameof(statistics));

    private readonly CapturedFunction _logits = new(device, (tape, inputs) => [classifier.Forward(tape, inputs[0], statistics)]);
    private readonly float[] _scores = new float[BatchSize * images.ClassCount];
    private readonly float[] _before = new float[BatchSize * images.PixelsPerImage], _after = new float[BatchSize * images.PixelsPerImage];

    /// <summary>Clears the places of a batch's images that are not classified rightly.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="index">Of the batch.</param>
    /// <param name="robust">One place an image, all true.</param>
    /// <returns>Images whose input gradient was exactly zero.</returns>
    private delegate int BatchMeasurement(Batch batch, int index, Span<bool> robust);

    /// <summary>How many batches a pass has.</summary>
    public int Batches => (images.Count + BatchSize - 1) / BatchSize;

    /// <summary>The images as they are.</summary>
    /// <param name="batchDone">Told of each batch.</param>
    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public AttackResult Clean(Action<int> batchDone)
    {
        int nonFinite = 0;
        AttackResult result = Measure(batchDone, (batch, index, robust) =>
        {
            nonFinite += Withdraw(batch.Images, index, robust);
            return 0;
        });
        NonFiniteLogitsException.ThrowIf(nonFinite, images.Count);
        return result;
    }

    /// <summary>
    /// The images under attack, the worst case of its starts for each of them. A batch is attacked anew while one of its images survives; each
    /// adversarial image is checked before it counts.
    /// </summary>
    /// <param name="attack">What is run.</param>
    /// <param name="batchDone">Told of each batch.</param>
    /// <param name="restarts">Starts, each with random numbers of its own; an attack without any starts once.</param>
    /// <param name="source">The network whose gradients are followed: another one for a transfer attack, null for the one that is measured.</param>
    /// <exception cref="InvalidOperationException">The attack left the ε-ball or the pixel range.</exception>
    /// <exception cref="NonFiniteLogitsException">The source's logits are infinite or NaN, and so are its gradients.</exception>
    public AttackResult Run(Attack attack, Action<int> batchDone, int restarts = 1, Network? source = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(restarts, 1);
        if (source is not null)
        {
            new Evaluator(device, source, images, seed, _statistics).Clean(_ => { });
        }
        int starts = attack.StartsAtRandom ? restarts : 1;
        RandomStream keys = new(seed, RandomStream.AttackStart);
        return Measure(batchDone, (batch, index, robust) =>
        {
            int zeroGradients = 0;
            using Tensor perturbed = new(device, batch.Images.Shape);
            for (int start = 0; start < starts && robust.Contains(true); start++)
            {
                RandomKey key = keys.At(checked((uint)((start * Batches) + index)));
                int zeros = attack.RunCountingZeroGradients(source ?? classifier, batch.Images, batch.Labels, key, perturbed, _statistics);
                zeroGradients = start == 0 ? zeros : zeroGradients;
                PerturbationBounds.Require(attack.Name, attack.Epsilon, Download(batch.Images, _before), Download(perturbed, _after));
                Withdraw(perturbed, index, robust);
            }
            return zeroGradients;
        });
    }

    private AttackResult Measure(Action<int> batchDone, BatchMeasurement measure)
    {
        bool[] robust = new bool[images.Count];
        robust.AsSpan().Fill(true);
        int zeroGradients = 0;
        using BatchLoader batches = new(device, images, BatchSize, [[.. Enumerable.Range(0, images.Count)]]);
        for (int index = 0; index < Batches; index++)
        {
            Batch batch = batches.Next();
            zeroGradients += measure(batch, index, robust.AsSpan(index * BatchSize, batch.Count));
            batchDone(index + 1);
        }
        return new AttackResult(robust, 100.0 * zeroGradients / images.Count);
    }

    /// <summary>Clears the place of each image that is not classified rightly.</summary>
    /// <returns>Images with a logit that is infinite or NaN.</returns>
    private int Withdraw(Tensor x, int batch, Span<bool> robust)
    {
        ReadOnlySpan<float> logits = Download(_logits.Run(x)[0], _scores);
        int classes = images.ClassCount;
        for (int row = 0; row < robust.Length; row++)
        {
            robust[row] &= EvasionAttack.IsRight(logits.Slice(row * classes, classes), images.Labels[(batch * BatchSize) + row]);
        }
        int nonFinite = NonFiniteLogitsException.CountIn(logits, classes);
        _logits.Release();
        return nonFinite;
    }

    private ReadOnlySpan<float> Download(Tensor tensor, float[] memory)
    {
        Span<float> values = memory.AsSpan(0, tensor.Length);
        device.Download(tensor.Buffer, values);
        return values;
    }
}
