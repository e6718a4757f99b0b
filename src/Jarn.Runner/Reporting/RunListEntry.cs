using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting;

/// <summary>A run in a list. What its files do not tell is null; docs/results-json.md documents it, and readers may rely on it.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Folder">With the way there.</param>
/// <param name="State">How it stands.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Fault">Of a broken run.</param>
/// <param name="Dataset">What the images are.</param>
/// <param name="Method">How the classifier learned.</param>
/// <param name="Preset">Where unnamed settings came from.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Clean">Accuracy in per cent.</param>
/// <param name="Attack">The attack that left least.</param>
/// <param name="UnderAttack">What it left, in per cent.</param>
/// <param name="Epsilon">Its size.</param>
/// <param name="Begun">When.</param>
/// <param name="AutoAttack">The accuracy that an audit at the recipe's ε found under AutoAttack, in per cent.</param>
/// <param name="AutoAttackImages">On so many images.</param>
internal sealed record RunListEntry(
    string Name, string Folder, RunState State, int? Step, int? TotalSteps, string? Fault,
    string? Dataset, string? Method, Preset? Preset, ulong? Seed,
    double? Clean, string? Attack, double? UnderAttack, double? Epsilon, DateTimeOffset? Begun, double? AutoAttack, int? AutoAttackImages)
{
    public static RunListEntry Of(RunOverview run)
    {
        TrainingConfiguration? options = run.Configuration?.Options;
        AuditResults? audit = run.Audits?.Shown is { AutoAttack: not null } shown ? shown : null;
        return new RunListEntry(
            run.Name, run.Directory.Folder, run.State, run.Step, run.TotalSteps, run.Fault,
            run.Configuration?.Dataset ?? run.Origin?.Dataset, options?.Method ?? run.Origin?.Method, options?.Preset, options?.Seed,
            run.Results?.Accuracy.TryGetValue(AttackFigures.Clean, out double clean) == true ? clean : null, run.Results?.Strongest?.Attack,
            run.Results?.Strongest?.Accuracy, run.Results?.Epsilon, run.Begun, audit?.AutoAttack!.Accuracy, audit?.Examples);
    }
}
