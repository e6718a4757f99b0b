namespace Jarn.Models;

/// <summary>A classifier's figures by attack, with <see cref="Clean"/> for none: what tables and JSON files show.</summary>
/// <param name="Accuracy">By attack, in per cent of the images.</param>
/// <param name="AccuracyInterval">The 95 % interval of each accuracy.</param>
/// <param name="ZeroGradient">
/// Images whose input gradient was exactly zero when the attack began, in per cent, by attack. <see cref="Clean"/> is not a key.
/// </param>
public sealed record AttackFigures(
    IReadOnlyDictionary<string, double> Accuracy, IReadOnlyDictionary<string, Interval> AccuracyInterval,
    IReadOnlyDictionary<string, double> ZeroGradient)
{
    /// <summary>The name of no attack.</summary>
    public const string Clean = "clean";

    /// <summary>Measures on the images as they are, then under each attack.</summary>
    /// <param name="attacks">Attacks with different names.</param>
    /// <param name="progress">Shows the progress; null for none.</param>
    /// <param name="source">The classifier whose gradients are followed; null for the one that is measured.</param>
    public static AttackFigures Measure(
        Evaluator evaluator, IReadOnlyList<Attack> attacks, IProgressDisplay? progress = null, IClassifier? source = null)
    {
        Dictionary<string, double> accuracy = [], zeroGradient = [];
        Dictionary<string, Interval> interval = [];
        (progress ?? IProgressDisplay.None).Track("Attacking", evaluator.Batches * (attacks.Count + 1), update =>
        {
            Add(Clean, evaluator.Clean(Progress(Clean)));
            foreach (Attack attack in attacks)
            {
                AttackResult result = evaluator.Run(attack, Progress(attack.Name), source);
                Add(attack.Name, result);
                zeroGradient.Add(attack.Name, result.ZeroGradient);
            }
            Action<int> Progress(string name)
            {
                int before = accuracy.Count * evaluator.Batches;
                return done => update(before + done, name);
            }
        });
        return new AttackFigures(accuracy, interval, zeroGradient);

        void Add(string name, AttackResult result)
        {
            accuracy.Add(name, result.Accuracy);
            interval.Add(name, result.Interval);
        }
    }
}
