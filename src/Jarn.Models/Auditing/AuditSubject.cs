namespace Jarn.Models;

/// <summary>A classifier on trial.</summary>
/// <param name="Classifier">On trial.</param>
/// <param name="Images">What is measured on.</param>
/// <param name="Threat">What attacks may do to them.</param>
/// <param name="Seed">Of all random numbers.</param>
/// <param name="Sources">Other classifiers for transfer attacks, by name; null for none.</param>
public sealed record AuditSubject(
    IClassifier Classifier, AttackedImages Images, ThreatModel Threat, ulong Seed = 0,
    IReadOnlyList<(string Name, IClassifier Classifier)>? Sources = null)
{
    /// <summary>Other classifiers for transfer attacks, by name.</summary>
    public IReadOnlyList<(string Name, IClassifier Classifier)> Sources { get; init; } = Sources ?? [];
}
