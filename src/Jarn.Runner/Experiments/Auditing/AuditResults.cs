using System.Text.Json.Serialization;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Auditing;

/// <summary>What <c>jarn audit</c> writes, see <see cref="AuditStore"/>; docs/audit.md documents it, and readers may rely on it.</summary>
/// <param name="Checkpoint">The classifier, as given.</param>
/// <param name="Method">How it was trained.</param>
/// <param name="TrainedOn">What images it was trained on.</param>
/// <param name="Dataset">What the images are that it was measured on: a stand-in's name where drawn images stood in.</param>
/// <param name="StandInReason">Why they did; null for real ones.</param>
/// <param name="Examples">Images measured on.</param>
/// <param name="Epsilon">Of the attacks, in units of the pixel range [0, 1].</param>
/// <param name="Attacks">AutoAttack's, in their order.</param>
/// <param name="Seed">Of the random numbers.</param>
/// <param name="BnMode">Batch norm's statistics.</param>
/// <param name="Sources">The classifiers of transfer attacks, as given.</param>
/// <param name="Seconds">The audit took; less where it went on from an interrupted one.</param>
/// <param name="Device">Kind and name.</param>
/// <param name="Versions">What measured.</param>
/// <param name="Findings">What came of it.</param>
public sealed record AuditResults(
    string Checkpoint, string Method, string TrainedOn, string Dataset, string? StandInReason, int Examples, double Epsilon,
    IReadOnlyList<string> Attacks, ulong Seed, BatchStatistics BnMode, IReadOnlyList<string> Sources, double Seconds, string Device,
    Versions Versions, AuditFindings Findings)
{
    /// <summary>Null where it was not run.</summary>
    [JsonIgnore]
    public Rung? AutoAttack => Findings.AutoAttack;

    /// <summary>Whether AutoAttack's version was plus.</summary>
    [JsonIgnore]
    public bool IsPlus => Attacks.Contains(ApgdLoss.DifferenceRatio.Attack);

    /// <inheritdoc cref="AuditVerdict"/>
    [JsonIgnore]
    public AuditVerdict Verdict => AuditVerdict.Of(Findings, Examples);

    /// <summary>
    /// Whether it was made as the classifier's figures are: with its recipe's ε, on the data set it was trained on, batch norm by running statistics.
    /// </summary>
    /// <param name="epsilon">Of the recipe.</param>
    public bool IsUsual(double epsilon) =>
        PerturbationSize.Text(Epsilon) == PerturbationSize.Text(epsilon) && Dataset == TrainedOn && BnMode == BatchStatistics.Running;
}
