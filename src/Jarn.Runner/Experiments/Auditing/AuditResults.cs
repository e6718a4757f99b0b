using System.Text.Json.Serialization;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Auditing;

/// <summary>
/// The content of the file that <c>jarn audit</c> writes, see <see cref="AuditStore"/>; docs/audit.md documents it, and readers may rely on it.
/// </summary>
/// <param name="Checkpoint">The classifier, as given.</param>
/// <param name="Method">The training method.</param>
/// <param name="TrainedOn">The name of the images that it was trained on.</param>
/// <param name="Dataset">The name of the images that it was measured on; a stand-in's name where drawn images stood in.</param>
/// <param name="StandInReason">Why drawn images stood in; null for real ones.</param>
/// <param name="Examples">The number of images that were measured on.</param>
/// <param name="Epsilon">The perturbation size of the attacks, in units of the pixel range [0, 1].</param>
/// <param name="Attacks">The attacks of AutoAttack, in the order in which they ran.</param>
/// <param name="Seed">The seed of the attacks' random numbers.</param>
/// <param name="BnMode">Which statistics batch norm used.</param>
/// <param name="Sources">The paths of the classifiers for transfer attacks, as given.</param>
/// <param name="Seconds">Seconds that the audit took; of a continued audit, only the last part.</param>
/// <param name="Device">The device's kind and name.</param>
/// <param name="Versions">The versions of Jarn, .NET, ILGPU and the operating system that measured.</param>
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
    /// <param name="epsilon">ε in the recipe of the classifier.</param>
    public bool IsUsual(double epsilon) =>
        PerturbationSize.Text(Epsilon) == PerturbationSize.Text(epsilon) && Dataset == TrainedOn && BnMode == BatchStatistics.Running;
}
