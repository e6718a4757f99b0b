using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>Whether a check found signs of masked gradients.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckOutcome>))]
public enum CheckOutcome
{
    /// <summary>No sign of masked gradients.</summary>
    Passed,

    /// <summary>To be looked at.</summary>
    Doubtful,

    /// <summary>Accuracy under the attacks concerned overstates the robustness.</summary>
    Failed,

    /// <summary>The check was not run; the verdict says why.</summary>
    Skipped,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">The check's name in JSON and tables.</param>
/// <param name="Verdict">A sentence for people, with the numbers that the outcome rests on.</param>
/// <param name="Figures">The same numbers for programs, by name; accuracies and shares in per cent.</param>
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
    /// <summary>The name in tables and files: more-steps, black-box.</summary>
    string Name { get; }

    /// <param name="evidence">The measurements so far; it measures what is missing.</param>
    CheckResult Examine(AuditEvidence evidence);
}
