namespace Jarn.Models;

/// <summary>
/// Attacks one after another, each on what the ones before have left (Croce and Hein 2020). It goes in steps, a batch of an attack each, and can be left
/// and taken up again after any of them; a step's x′ are verified before they count.
/// </summary>
/// <param name="attacks">No two of one name.</param>
/// <param name="batchSize">The most images of a step.</param>
public sealed class AutoAttack(IReadOnlyList<EvasionAttack> attacks, int batchSize = 200)
{
    /// <summary>Of the largest logit: a pass over other images beside it rounds otherwise.</summary>
    private const float LogitRounding = 1e-4f;

    /// <summary>What a backward pass costs, in forward ones.</summary>
    private const long BackwardWeight = 2;

    private readonly string[] _names = [.. attacks.Select(attack => attack.Name)];

    /// <summary>The version that published figures are of.</summary>
    /// <param name="epsilon">In units of the pixel range [0, 1].</param>
    /// <param name="seed">Same seed, same x′.</param>
    public static IReadOnlyList<EvasionAttack> Standard(double epsilon, ulong seed) =>
    [
        new ApgdAttack(ApgdLoss.CrossEntropy, epsilon, seed),
        new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, epsilon, seed),
        new FabAttack(epsilon, seed),
        new SquareAttack(epsilon, seed),
    ];

    /// <summary>With restarts, and two attacks more.</summary>
    /// <param name="epsilon">In units of the pixel range [0, 1].</param>
    /// <param name="seed">Same seed, same x′.</param>
    public static IReadOnlyList<EvasionAttack> Plus(double epsilon, ulong seed) =>
    [
        new ApgdAttack(ApgdLoss.CrossEntropy, epsilon, seed, restarts: 5),
        new ApgdAttack(ApgdLoss.DifferenceRatio, epsilon, seed, restarts: 5),
        new FabAttack(epsilon, seed, targeted: false, restarts: 5),
        new SquareAttack(epsilon, seed),
        new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, epsilon, seed),
        new FabAttack(epsilon, seed),
    ];

    /// <summary>The record before the first step: one pass tells which images are wrong as they are.</summary>
    public AutoAttackRecord Begin(IAttackedClassifier classifier, AttackedImages images)
    {
        float[] logits = Logits(classifier, images);
        string?[] fallen = [.. images.Labels.Select((label, i) => EvasionAttack.IsRight(Row(logits, classifier, i), label) ? null : AutoAttackRecord.Clean)];
        return WithoutIdleTurns(new AutoAttackRecord(_names, fallen, new PassCount[attacks.Count], Attack: 0, Attacked: 0));
    }

    /// <summary>The next batch of the attack whose turn it is.</summary>
    /// <param name="classifier">The same at every step.</param>
    /// <param name="images">The same at every step.</param>
    /// <param name="record">Of the step before.</param>
    /// <param name="adversarial">N rows of H·W·C: receives the x′ that were found.</param>
    /// <exception cref="InvalidOperationException">An x′ left the ε-ball or the pixel range, or is classified rightly when asked about again.</exception>
    public AutoAttackRecord Step(IAttackedClassifier classifier, AttackedImages images, AutoAttackRecord record, Span<float> adversarial)
    {
        if (record.IsComplete || !record.Attacks.SequenceEqual(_names))
        {
            throw new ArgumentException($"a record of {string.Join(", ", record.Attacks)} that waits for turn {record.Attack}", nameof(record));
        }
        EvasionAttack attack = attacks[record.Attack];
        PassCount before = classifier.Passes;
        int[] batch = [.. record.Waiting.Take(batchSize)];
        AttackedImages originals = images.Select(batch);
        float[] perturbed = new float[originals.Pixels.Length];
        bool[] found = new bool[batch.Length];
        attack.Run(classifier, originals, perturbed, found);
        Verify(attack, classifier, originals, perturbed, found);

        string?[] fallen = [.. record.FallenTo];
        int length = images.PixelsPerImage;
        for (int row = 0; row < batch.Length; row++)
        {
            if (found[row])
            {
                fallen[batch[row]] = attack.Name;
                perturbed.AsSpan(row * length, length).CopyTo(adversarial.Slice(batch[row] * length, length));
            }
        }
        PassCount[] passes = [.. record.Passes];
        passes[record.Attack] += classifier.Passes - before;
        return WithoutIdleTurns(record with { FallenTo = fallen, Passes = passes, Attacked = record.Attacked + batch.Length });
    }

    /// <summary>The most that is left to do, as a number of forward passes; it falls with every image that does.</summary>
    /// <param name="record">Of the last step.</param>
    /// <param name="classes">k.</param>
    public long MostWorkLeft(AutoAttackRecord record, int classes)
    {
        long work = 0;
        for (int i = record.Attack; i < attacks.Count; i++)
        {
            PassCount most = attacks[i].MostPasses(classes);
            work += (i == record.Attack ? record.Waiting.Count : record.Survivors) * (most.Forward + (BackwardWeight * most.Backward));
        }
        return work;
    }

    private static AutoAttackRecord WithoutIdleTurns(AutoAttackRecord record) =>
        record.Survivors == 0 ? record with { Attack = record.Attacks.Count, Attacked = 0 }
        : record.Waiting.Count == 0 ? record with { Attack = record.Attack + 1, Attacked = 0 }
        : record;

    /// <summary>
    /// Requires ‖x′ − x‖∞ ≤ ε, pixels in [0, 1] and, in a pass of its own, a wrong answer. Where only rounding separates the answer from a wrong one, x′ is
    /// withdrawn.
    /// </summary>
    private static void Verify(EvasionAttack attack, IAttackedClassifier classifier, AttackedImages originals, float[] perturbed, bool[] found)
    {
        int[] rows = [.. Enumerable.Range(0, found.Length).Where(row => found[row])];
        AttackedImages adversarial = originals.Select(rows, perturbed);
        float[] logits = Logits(classifier, adversarial);
        for (int i = 0; i < rows.Length; i++)
        {
            PerturbationBounds.Require(attack.Name, attack.Epsilon, originals.Row(rows[i]), adversarial.Row(i));
            ReadOnlySpan<float> scores = Row(logits, classifier, i);
            int label = adversarial.Labels[i];
            if (EvasionAttack.IsRight(scores, label))
            {
                float margin = EvasionAttack.Margin(scores, label), largest = 0;
                foreach (float score in scores)
                {
                    largest = Math.Max(largest, Math.Abs(score));
                }
                if (margin > LogitRounding * largest)
                {
                    throw new InvalidOperationException(
                        $"{attack.Name} claims to have changed the class of image {adversarial.Indices[i]}, and asked about again the classifier still tells class "
                        + $"{label}, by {margin}: what it answers depends on more than the image");
                }
                found[rows[i]] = false;
            }
        }
    }

    private static float[] Logits(IAttackedClassifier classifier, AttackedImages images)
    {
        float[] logits = new float[images.Count * classifier.Classes];
        classifier.Logits(images.Pixels, logits);
        return logits;
    }

    private static ReadOnlySpan<float> Row(float[] logits, IAttackedClassifier classifier, int row) => logits.AsSpan(row * classifier.Classes, classifier.Classes);
}
