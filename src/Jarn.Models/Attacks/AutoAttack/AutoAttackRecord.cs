using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>How far AutoAttack has come: with the adversarial images, all that it takes to go on after a break.</summary>
/// <param name="Attacks">Names, in their order.</param>
/// <param name="FallenTo">
/// Of each image the attack that it fell to, <see cref="Clean"/> where it was wrong from the start; null for the survivors.
/// </param>
/// <param name="Passes">Of each attack, the verification of its images included.</param>
/// <param name="Attack">Place of the attack whose turn it is; their number at the end.</param>
/// <param name="Attacked">Images that this attack has dealt with; of those that were left when its turn came, in their order.</param>
public sealed record AutoAttackRecord(
    IReadOnlyList<string> Attacks, IReadOnlyList<string?> FallenTo, IReadOnlyList<PassCount> Passes, int Attack, int Attacked)
{
    /// <summary>What images that are classified wrongly as they are have fallen to.</summary>
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

    /// <summary>By attack, <see cref="Clean"/> before all: whether each image withstood it and those before it.</summary>
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
