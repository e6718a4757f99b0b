namespace Jarn.Models;

/// <summary>
/// Attacks one after another, each on what the ones before have left (Croce and Hein 2020). It goes in steps, a batch of an attack each, and can be
/// left and taken up again after any of them; a step's x′ are verified before they count.
/// </summary>
/// <param name="attacks">No two of one name.</param>
/// <param name="batchSize">The most images of a step.</param>
public sealed class AutoAttack(IReadOnlyList<Attack> attacks, int batchSize = 200)
{
    /// <summary>Classes that a targeted attack heads for; with ten classes or fewer there are fewer wrong ones, or as many.</summary>
    internal const int MostTargets = 9;

    /// <summary>The cost of a backward pass, in forward passes.</summary>
    private const long BackwardWeight = 2;

    private readonly string[] _names = [.. attacks.Select(attack => attack.Name)];

    /// <summary>The standard version, which published figures use.</summary>
    /// <param name="threat">How far the attacks may change an image.</param>
    /// <param name="seed">The same seed gives the same x′.</param>
    public static IReadOnlyList<Attack> Standard(ThreatModel threat, ulong seed) =>
    [
        new ApgdAttack(ApgdLoss.CrossEntropy, threat, seed),
        new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, threat, seed),
        new FabAttack(threat, seed),
        new SquareAttack(threat, seed),
    ];

    /// <summary>The plus version, with random restarts and two more attacks.</summary>
    /// <param name="threat">How far the attacks may change an image.</param>
    /// <param name="seed">The same seed gives the same x′.</param>
    public static IReadOnlyList<Attack> Plus(ThreatModel threat, ulong seed) =>
    [
        new ApgdAttack(ApgdLoss.CrossEntropy, threat, seed, restarts: 5),
        new ApgdAttack(ApgdLoss.DifferenceRatio, threat, seed, restarts: 5),
        new FabAttack(threat, seed, targeted: false, restarts: 5),
        new SquareAttack(threat, seed),
        new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, threat, seed),
        new FabAttack(threat, seed),
    ];

    /// <summary>The record before the first step. One pass finds the images that are misclassified as they are.</summary>
    public AutoAttackRecord Begin(IClassifier classifier, AttackedImages images)
    {
        float[] logits = classifier.Logits(images);
        string?[] fallen = [.. logits.Chunk(classifier.Classes).Zip(images.Labels, (scores, label) =>
            Decision.IsRight(scores, label) ? null : AutoAttackRecord.Clean)];
        return WithoutIdleTurns(new AutoAttackRecord(_names, fallen, new PassCount[attacks.Count], Attack: 0, Attacked: 0));
    }

    /// <summary>Runs one batch of the attack whose turn it is.</summary>
    /// <param name="classifier">The classifier, the same at every step.</param>
    /// <param name="images">The images, the same at every step.</param>
    /// <param name="record">The record of the last step.</param>
    /// <param name="adversarial">Receives the x′ that are found, N rows of H·W·C pixels.</param>
    /// <exception cref="InvalidOperationException">An x′ failed its verification, see <see cref="Attack.Run"/>.</exception>
    public AutoAttackRecord Step(IClassifier classifier, AttackedImages images, AutoAttackRecord record, Span<float> adversarial)
    {
        if (record.IsComplete || !record.Attacks.SequenceEqual(_names))
        {
            throw new ArgumentException($"a record of {string.Join(", ", record.Attacks)} that waits for turn {record.Attack}", nameof(record));
        }
        Attack attack = attacks[record.Attack];
        PassCount before = classifier.Passes;
        int[] batch = [.. record.Waiting.Take(batchSize)];
        AttackOutcome outcome = attack.Run(classifier, images.Select(batch) with { Batch = (batch[0], images.Count) });

        string?[] fallen = [.. record.FallenTo];
        int length = images.PixelsPerImage;
        for (int row = 0; row < batch.Length; row++)
        {
            if (outcome.Found[row])
            {
                fallen[batch[row]] = attack.Name;
                outcome.Perturbed.AsSpan(row * length, length).CopyTo(adversarial.Slice(batch[row] * length, length));
            }
        }
        PassCount[] passes = [.. record.Passes];
        passes[record.Attack] += classifier.Passes - before;
        return WithoutIdleTurns(record with { FallenTo = fallen, Passes = passes, Attacked = record.Attacked + batch.Length });
    }

    /// <summary>An upper bound of the work that is left, in forward passes. It falls with every image that is broken.</summary>
    /// <param name="record">The record of the last step.</param>
    /// <param name="classes">The number of classes k.</param>
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
}
