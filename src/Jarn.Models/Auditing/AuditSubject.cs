namespace Jarn.Models;

/// <summary>A classifier to audit, and the conditions of the audit.</summary>
/// <param name="Images">The images to attack.</param>
/// <param name="Threat">How far attacks may change an image.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Sources">Classifiers for transfer attacks, by name. Null for none.</param>
public sealed record AuditSubject(
    IClassifier Classifier, AttackedImages Images, ThreatModel Threat, ulong Seed = 0,
    IReadOnlyList<(string Name, IClassifier Classifier)>? Sources = null)
{
    /// <summary>Other classifiers for transfer attacks, by name.</summary>
    public IReadOnlyList<(string Name, IClassifier Classifier)> Sources { get; init; } = Sources ?? [];
}
