using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>How far AutoAttack has come. With the adversarial images, it is all that is needed to continue.</summary>
/// <param name="Attacks">The names of the attacks, in the order in which they run.</param>
/// <param name="FallenTo">
/// For each image, the attack that broke it, or <see cref="Clean"/> if it was wrong from the start; null if it withstood all.
/// </param>
/// <param name="Passes">The passes of each attack, including the verification of its images.</param>
/// <param name="Attack">The index of the attack whose turn it is; the number of attacks at the end.</param>
/// <param name="Attacked">Images that this attack has dealt with; of those that were left when its turn came, in their order.</param>
public sealed record AutoAttackRecord(
    IReadOnlyList<string> Attacks, IReadOnlyList<string?> FallenTo, IReadOnlyList<PassCount> Passes, int Attack, int Attacked)
{
    /// <summary>Stands in <see cref="FallenTo"/> for images that are misclassified as they are.</summary>
    public const string Clean = "clean";

    /// <summary>Whether every attack had its turn, or no image is left.</summary>
    [JsonIgnore]
    public bool IsComplete => Attack == Attacks.Count;

    /// <summary>Images that withstand the attacks so far.</summary>
    [JsonIgnore]
    public int Survivors => FallenTo.Count(name => name is null);

    /// <summary>Images that have an adversarial one, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Adversarial => [.. Enumerable.Range(0, FallenTo.Count).Where(i => FallenTo[i] is not (null or Clean))];

    /// <summary>For <see cref="Clean"/> and each attack: whether each image withstood it and those before it.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Attack, bool[] Robust)> Robust
    {
        get
        {
            string[] names = [Clean, .. Attacks];
            return [.. names.Select((name, place) => (name, FallenTo.Select(fell => fell is null || Array.IndexOf(names, fell) > place).ToArray()))];
        }
    }

    /// <summary>The images of the attack whose turn it is that it has yet to deal with.</summary>
    internal IReadOnlyList<int> Waiting =>
        [.. Enumerable.Range(0, FallenTo.Count).Where(i => FallenTo[i] is null || FallenTo[i] == Attacks[Attack]).Skip(Attacked)];
}
