using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting;

/// <summary>
/// A run in a list. Values that its files don't tell are null. docs/results-json.md documents the list, and readers may rely on it.
/// </summary>
/// <param name="Name">The name of the run's folder.</param>
/// <param name="Folder">The path of the run's folder.</param>
/// <param name="Step">The number of steps taken.</param>
/// <param name="TotalSteps">The number of steps in the training.</param>
/// <param name="Fault">What is wrong with a broken run.</param>
/// <param name="Dataset">The name of the images.</param>
/// <param name="Method">The training method.</param>
/// <param name="Preset">The preset that gave the values of options that were not typed.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Clean">The accuracy without an attack, in per cent.</param>
/// <param name="Attack">The attack with the lowest accuracy.</param>
/// <param name="UnderAttack">The accuracy under that attack, in per cent.</param>
/// <param name="Epsilon">The perturbation size of the attack.</param>
/// <param name="Begun">When the run started.</param>
/// <param name="AutoAttack">The accuracy that an audit at the recipe's ε found under AutoAttack, in per cent.</param>
/// <param name="AutoAttackImages">The number of images that AutoAttack was run on.</param>
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
