namespace Jarn.Models;

/// <summary>
/// Measures a classifier on all images of a set, in batches of 200 in their order, the last one shorter. With batch norm by the statistics of the
/// batch, the protocol of the authors' release, images of a batch help one another, and the figures are those of that partition.
/// </summary>
/// <param name="classifier">The classifier to measure.</param>
/// <param name="images">The images to measure it on.</param>
public sealed class Evaluator(IClassifier classifier, IImageSet images)
{
    private const int BatchSize = 200;

    /// <summary>The number of batches in a pass over the images.</summary>
    public int Batches => (images.Count + BatchSize - 1) / BatchSize;

    /// <summary>The images as they are.</summary>
    /// <param name="batchDone">Called after each batch with the number of batches done.</param>
    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public AttackResult Clean(Action<int>? batchDone = null)
    {
        int nonFinite = 0;
        AttackResult result = Measure(batchDone, batch =>
        {
            float[] logits = classifier.Logits(batch);
            nonFinite += NonFiniteLogitsException.CountIn(logits, classifier.Classes);
            return ([.. logits.Chunk(classifier.Classes).Zip(batch.Labels, (scores, label) => Decision.IsRight(scores, label))], 0);
        });
        NonFiniteLogitsException.ThrowIf(nonFinite, images.Count);
        return result;
    }

    /// <summary>The images under attack, the worst case of its starts for each of them.</summary>
    /// <param name="batchDone">Called after each batch with the number of batches done.</param>
    /// <param name="source">The classifier whose gradients a transfer attack follows; null for the measured one.</param>
    /// <exception cref="InvalidOperationException">The attack's images failed their verification, see <see cref="Attack.Run"/>.</exception>
    /// <exception cref="NonFiniteLogitsException">The source's logits are infinite or NaN, and so are its gradients.</exception>
    public AttackResult Run(Attack attack, Action<int>? batchDone = null, IClassifier? source = null)
    {
        if (source is not null)
        {
            new Evaluator(source, images).Clean();
        }
        IClassifier attacked = source is null ? classifier : new TransferClassifier(classifier, source);
        return Measure(batchDone, batch =>
        {
            AttackOutcome outcome = attack.Run(attacked, batch);
            return ([.. outcome.Found.Select(found => !found)], outcome.ZeroGradients);
        });
    }

    /// <param name="batchDone">Called after each batch with the number of batches done.</param>
    /// <param name="measure">A batch → which images are classified rightly, and how many have an input gradient of exactly zero.</param>
    private AttackResult Measure(Action<int>? batchDone, Func<AttackedImages, (bool[] Robust, int ZeroGradients)> measure)
    {
        bool[] robust = new bool[images.Count];
        int zeroGradients = 0;
        for (int number = 0; number < Batches; number++)
        {
            int first = number * BatchSize, count = Math.Min(BatchSize, images.Count - first);
            (bool[] right, int zeros) = measure(images.Take([.. Enumerable.Range(first, count)]) with { Batch = (number, Batches) });
            right.CopyTo(robust, first);
            zeroGradients += zeros;
            batchDone?.Invoke(number + 1);
        }
        return new AttackResult(robust, 100.0 * zeroGradients / images.Count);
    }
}
