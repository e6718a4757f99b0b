using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// Auto-PGD (Croce and Hein 2020, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks"), L∞: sign
/// steps with momentum, whose size follows from how the loss grows. The first iterate that is classified wrongly counts, and its image is not
/// asked about again; a targeted attack takes the wrong classes by their logits at x, the largest first, and any wrong class will do.
/// </summary>
/// <param name="loss">The loss to increase.</param>
/// <param name="threat">How far the attack may change an image.</param>
/// <param name="seed">The same seed gives the same x′.</param>
/// <param name="restarts">The number of random starts; with a targeted loss, for each target class.</param>
/// <param name="iterations">Steps from each start.</param>
public sealed class ApgdAttack(ApgdLoss loss, ThreatModel threat, ulong seed, int restarts = 1, int iterations = 100)
    : Attack(threat, seed, restarts)
{
    private readonly IReadOnlyList<int> _checkpoints = Checkpoints(iterations);

    public override string Name => loss.Attack;

    /// <summary>
    /// The steps after which step sizes are reconsidered: ⌈pⱼ·iterations⌉ with p₀ = 0, p₁ = 0.22, pⱼ₊₁ = pⱼ + max(pⱼ − pⱼ₋₁ − 0.03, 0.06) while pⱼ ≤
    /// 1.
    /// </summary>
    public static IReadOnlyList<int> Checkpoints(int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        List<int> steps = [];
        // In hundredths, which are exact.
        for (int before = 0, p = 22; p <= 100; (before, p) = (p, p + Math.Max(p - before - 3, 6)))
        {
            steps.Add(((p * iterations) + 99) / 100);
        }
        return [.. steps.Distinct()];
    }

    public override PassCount MostPasses(int classes)
    {
        long gradients = (long)Restarts * loss.Targets(classes) * (iterations + 1);
        return new PassCount(gradients + (loss.IsTargeted ? 1 : 0), gradients);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The loss has no meaning for so few classes.</exception>
    protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
    {
        loss.RequireClasses(classifier.Classes);
        AttackOutcome outcome = AttackOutcome.None(images);
        int[][]? targets = loss.IsTargeted ? Targets(classifier, images) : null;
        for (int start = 0; start < Restarts * loss.Targets(classifier.Classes) && outcome.Found.Contains(false); start++)
        {
            int target = start / Restarts;
            List<ApgdAscent> ascents = Starts(images, outcome.Found, start);
            Ascend(classifier, images, [.. ascents], (image, logits, cotangent) =>
                loss.Of(logits, images.Labels[image], targets is null ? 0 : targets[image][target], cotangent));
            foreach (ApgdAscent ascent in ascents.Where(ascent => ascent.HasArrived))
            {
                ascent.Point.CopyTo(outcome.Perturbed.AsSpan(ascent.Image * ascent.Point.Length));
                outcome.Found[ascent.Image] = true;
            }
        }
        return outcome;
    }

    /// <summary>The wrong classes of each image, the one with the largest logit first.</summary>
    private static int[][] Targets(IClassifier classifier, AttackedImages images)
    {
        float[] logits = classifier.Logits(images);
        int[][] targets = new int[images.Count][];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = Decision.WrongClasses(logits.AsSpan(i * classifier.Classes, classifier.Classes), images.Labels[i]);
        }
        return targets;
    }

    /// <summary>One ascent for each image that has no x′ yet.</summary>
    private List<ApgdAscent> Starts(AttackedImages images, ReadOnlySpan<bool> found, int start)
    {
        RandomStream stream = new(Seed, loss.RandomPurpose);
        ulong firstBlock = (ulong)start * (ulong)((images.PixelsPerImage + 3) / 4);
        List<ApgdAscent> ascents = [];
        for (int i = 0; i < images.Count; i++)
        {
            if (!found[i])
            {
                PhiloxSequence random = new(stream.At(images.Indices[i]), firstBlock);
                ascents.Add(new ApgdAscent(i, images.Row(i), (float)Threat.Epsilon, random));
            }
        }
        return ascents;
    }

    /// <summary>Takes all steps of all ascents; one that has found an x′ stops.</summary>
    private void Ascend(IClassifier classifier, AttackedImages images, List<ApgdAscent> ascents, LogitLoss lossOfImage)
    {
        int pixels = images.PixelsPerImage, classes = classifier.Classes;
        float[] points = new float[ascents.Count * pixels], gradients = new float[points.Length], logits = new float[ascents.Count * classes];
        double[] losses = new double[ascents.Count];

        Observe();
        for (int step = 1, checkpoint = 0, last = 0; step <= iterations && ascents.Count > 0; step++)
        {
            ascents.ForEach(ascent => ascent.Step());
            Observe();
            if (checkpoint < _checkpoints.Count && step == _checkpoints[checkpoint])
            {
                int steps = step - last;
                ascents.ForEach(ascent => ascent.Checkpoint(steps));
                (checkpoint, last) = (checkpoint + 1, step);
            }
        }

        void Observe()
        {
            for (int row = 0; row < ascents.Count; row++)
            {
                ascents[row].Point.CopyTo(points.AsSpan(row * pixels, pixels));
            }
            classifier.Gradients(
                points.AsSpan(0, ascents.Count * pixels), (row, scores, cotangent) => lossOfImage(ascents[row].Image, scores, cotangent), logits,
                losses, gradients);
            for (int row = 0; row < ascents.Count; row++)
            {
                ApgdAscent ascent = ascents[row];
                bool isRight = Decision.IsRight(logits.AsSpan(row * classes, classes), images.Labels[ascent.Image]);
                ascent.Observe(losses[row], gradients.AsSpan(row * pixels, pixels), hasArrived: !isRight);
            }
            ascents.RemoveAll(ascent => ascent.HasArrived);
        }
    }
}
