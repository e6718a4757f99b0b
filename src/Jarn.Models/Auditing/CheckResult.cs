using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>What a check says of the figures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckOutcome>))]
public enum CheckOutcome
{
    /// <summary>No sign of masked gradients.</summary>
    Passed,

    /// <summary>To be looked at.</summary>
    Doubtful,

    /// <summary>Accuracy under the attacks concerned overstates the robustness.</summary>
    Failed,

    /// <summary>Nothing was measured.</summary>
    Skipped,
}

/// <summary>What one check found.</summary>
/// <param name="Name">The check's.</param>
/// <param name="Outcome">In a word.</param>
/// <param name="Verdict">In a sentence, with the figures that it rests on.</param>
/// <param name="Figures">The same for programs, by name; accuracies and shares in per cent.</param>
public sealed record CheckResult(string Name, CheckOutcome Outcome, string Verdict, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>A check that measured nothing.</summary>
    public static CheckResult Skipped(string name, string reason) => new(name, CheckOutcome.Skipped, reason, new Dictionary<string, double>());
}

/// <summary>
/// Asks whether an accuracy under attack is that of a robust classifier, or of one whose gradients lead attacks astray (Athalye et al. 2018, Carlini
/// et al. 2019).
/// </summary>
public interface IMaskingCheck
{
    /// <summary>As tables and files call it: more-steps, black-box.</summary>
    string Name { get; }

    /// <param name="evidence">What was measured, and measures what is missing.</param>
    CheckResult Examine(AuditEvidence evidence);
}
