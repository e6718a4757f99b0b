namespace Jarn.Models;

/// <summary>The result of a complete AutoAttack run.</summary>
/// <param name="Record">Which attack broke each image, and what each attack cost.</param>
/// <param name="Images">The images that were attacked.</param>
/// <param name="Adversarial">N rows of H·W·C pixels: the adversarial image x′ where one was found, the original x elsewhere.</param>
public sealed record AutoAttackResult(AutoAttackRecord Record, AttackedImages Images, float[] Adversarial)
{
    /// <summary>The images under the attacks up to each, which come after <see cref="AutoAttackRecord.Clean"/>.</summary>
    public IReadOnlyList<(string Attack, AttackResult Result)> Figures =>
        [.. Record.Robust.Select(entry => (entry.Attack, new AttackResult(entry.Robust, ZeroGradient: 0)))];

    /// <summary>
    /// Images that withstood one attack and then fell to another, in per cent of all; null where the two did not run in this order.
    /// </summary>
    public double? ShareMissed(string attack, string fallenTo)
    {
        string[] order = [.. Record.Attacks];
        int missing = Array.IndexOf(order, attack), finding = Array.IndexOf(order, fallenTo);
        return missing >= 0 && missing < finding ? 100.0 * FallenTo(fallenTo).Count / Record.FallenTo.Count : null;
    }

    /// <summary>Places of the images that an attack was the first to break.</summary>
    public IReadOnlyList<int> FallenTo(string attack) =>
        [.. Record.FallenTo.Index().Where(image => image.Item == attack).Select(image => image.Index)];
}

/// <summary>Keeps AutoAttack's steps, so that an interrupted run can be continued.</summary>
public interface IAutoAttackStore
{
    /// <summary>Reads the record of the last step and its images. Returns null if nothing was kept yet.</summary>
    /// <param name="attacks">The names of the attacks to continue with.</param>
    /// <param name="images">The images to attack.</param>
    /// <param name="adversarial">Receives the x′ found so far, N rows of H·W·C pixels.</param>
    AutoAttackRecord? Read(IReadOnlyList<string> attacks, AttackedImages images, Span<float> adversarial);

    /// <summary>Keeps a step, in place of the one before.</summary>
    void Write(AutoAttackRecord record, AttackedImages images, float[] adversarial);
}

/// <summary>AutoAttack from its first step, or from where it was left, to its last, with its progress.</summary>
public static class AutoAttackRun
{
    /// <summary>Runs all the steps that are left.</summary>
    /// <param name="attacks">The attacks, in the order in which they run.</param>
    /// <param name="images">The images to attack, such as a <see cref="BalancedSubset"/>.</param>
    /// <param name="store">Keeps the record of each step; null for none.</param>
    /// <param name="progress">Shows the progress; null for none.</param>
    /// <param name="stepDone">
    /// Called when a step was kept. An exception that it throws ends the run, which can be continued later. Null for none.
    /// </param>
    /// <exception cref="InvalidOperationException">An attack's image failed its verification.</exception>
    public static AutoAttackResult Execute(
        IClassifier classifier, IReadOnlyList<Attack> attacks, AttackedImages images, IAutoAttackStore? store = null,
        IProgressDisplay? progress = null, Action? stepDone = null)
    {
        AutoAttack autoAttack = new(attacks);
        float[] adversarial = [.. images.Pixels];
        AutoAttackRecord record = store?.Read([.. attacks.Select(attack => attack.Name)], images, adversarial)
            ?? autoAttack.Begin(classifier, images);
        long total = autoAttack.MostWorkLeft(record, classifier.Classes);
        (progress ?? IProgressDisplay.None).Track(attacks.Count == 1 ? attacks[0].Name : "AutoAttack", total, update =>
        {
            while (!record.IsComplete)
            {
                string attack = record.Attacks[record.Attack];
                record = autoAttack.Step(classifier, images, record, adversarial);
                store?.Write(record, images, adversarial);
                update(total - autoAttack.MostWorkLeft(record, classifier.Classes), $"{attack}, {record.Survivors} of {images.Count} left");
                stepDone?.Invoke();
            }
        });
        return new AutoAttackResult(record, images, adversarial);
    }
}
