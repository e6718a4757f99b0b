using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>The accuracy of a classifier under an attack, measured by any command.</summary>
/// <param name="Attack">The attack's name, for people.</param>
/// <param name="Accuracy">Per cent of the images.</param>
/// <param name="Interval">The 95 % interval of the accuracy.</param>
/// <param name="Images">The number of images that were measured on.</param>
public sealed record AttackedAccuracy(string Attack, double Accuracy, Interval Interval, int Images)
{
    /// <summary>The lowest accuracy; of equal ones that on the most images, and then the first.</summary>
    /// <returns>Null if there are none, or none is finite.</returns>
    public static AttackedAccuracy? Lowest(IEnumerable<AttackedAccuracy> all) =>
        all.Where(one => double.IsFinite(one.Accuracy)).OrderBy(one => one.Accuracy).ThenByDescending(one => one.Images).FirstOrDefault();

    /// <summary>The accuracies in audits with the run's own settings, see <see cref="AuditResults.IsUsual"/>. AutoAttack comes first.</summary>
    public static IEnumerable<AttackedAccuracy> Of(AuditSelection audits, double epsilon) =>
        from audit in audits.All
        where audit.IsUsual(epsilon)
        from rung in audit.Findings.Ladder
        where rung.Name != AttackFigures.Clean
        orderby rung.Name == Rung.AutoAttack descending
        select new AttackedAccuracy(AuditTitles.Rung(rung.Name).TrimStart('…', ' '), rung.Accuracy, rung.AccuracyInterval, audit.Examples);

    /// <summary>At the end of a run.</summary>
    public static IEnumerable<AttackedAccuracy> Of(RunResults results) =>
        from figure in results.Accuracy
        where figure.Key != AttackFigures.Clean
        let interval = results.AccuracyInterval.TryGetValue(figure.Key, out Interval found) ? found : new Interval(figure.Value, figure.Value)
        select new AttackedAccuracy(Titles.Attack(figure.Key), figure.Value, interval, results.TestExamples);

    /// <summary>Later, transfer attacks included.</summary>
    public static IEnumerable<AttackedAccuracy> Of(IEnumerable<Measurement> measurements, double epsilon) =>
        from measured in measurements
        let key = measured.Key
        where key.Epsilon == epsilon && key.Attack != AttackFigures.Clean && key.BnMode == BatchStatistics.Running
        let title = Titles.Attack(key.Attack) + (key.Source is null ? "" : " (transfer)")
        select new AttackedAccuracy(title, measured.Accuracy, measured.Interval, key.Images);

    /// <summary>The accuracies of a page's ε sweep at the recipe's ε.</summary>
    public static IEnumerable<AttackedAccuracy> Of(Sweep sweep, double epsilon) =>
        from attack in sweep.Attacks
        from size in attack.Results.Index()
        where sweep.Sizes[size.Index] == epsilon
        select new AttackedAccuracy(Titles.Attack(attack.Attack), size.Item.Accuracy, size.Item.Interval, sweep.Images);
}
