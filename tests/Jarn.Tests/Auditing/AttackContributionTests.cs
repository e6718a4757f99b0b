using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Tests.Models;

namespace Jarn.Tests.Auditing;

/// <summary>
/// What an attack of AutoAttack's has done is read from the images that fell to it, in whichever version and order the attacks ran.
/// </summary>
[Category(TestCategory.Thorough)]
public sealed class AttackContributionTests
{
    private const int Images = 100;

    private static readonly string[] Standard = [.. AutoAttack.Standard(ThreatModel.LInf(0.1), 0).Select(attack => attack.Name)];
    private static readonly string[] Plus = [.. AutoAttack.Plus(ThreatModel.LInf(0.1), 0).Select(attack => attack.Name)];

    private CpuDevice _device = null!;
    private WideResNet _classifier = null!;
    private AuditSubject _subject = null!;

    [OneTimeSetUp]
    public void BuildClassifier()
    {
        _device = new CpuDevice(threads: 2);
        _classifier = ToyWideResNet.Classifier(_device);
        byte[] pixels = new byte[Images * 16 * 16 * 3];
        new Random(1).NextBytes(pixels);
        ImageSet images = new(pixels, Enumerable.Range(0, Images).Select(i => (byte)(i % 4)).ToArray(), 16, 16, 3, ["a", "b", "c", "d"]);
        _subject = new AuditSubject(
            new AttackedNetwork(_device, _classifier, images.Shape, images.ClassCount), BalancedSubset.Of(images, Images),
            ThreatModel.LInf(8.0 / 255), Seed: 0, []);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _classifier.Dispose();
        _device.Dispose();
    }

    [Test]
    public void In_plus_what_fell_to_other_attacks_in_between_is_not_credited_to_the_targeted_one()
    {
        AutoAttackResult result = Result(Plus, ("apgd-ce", 40), ("fab", 15), ("square", 15), ("apgd-t", 2));
        Assert.That(result.ShareMissed("apgd-ce", "apgd-t"), Is.EqualTo(2));
        Assert.That(result.ShareMissed("apgd-t", "apgd-ce"), Is.Null, "the other order tells nothing");
        Assert.That(result.ShareMissed("apgd-ce", "no-attack"), Is.Null);
        CheckResult check = LossGapOf(Plus, result);
        Assert.That((check.Outcome, check.Figures["missed_by_apgd_ce"]), Is.EqualTo((CheckOutcome.Passed, 2.0)), check.Verdict);
    }

    [TestCase("apgd-dlr")]
    [TestCase("apgd-t")]
    public void In_plus_a_gap_between_the_losses_is_seen_whichever_of_the_two_finds_it(string attack)
    {
        CheckResult check = LossGapOf(Plus, Result(Plus, ("apgd-ce", 40), (attack, 12)));
        Assert.That((check.Outcome, check.Figures["missed_by_apgd_ce"]), Is.EqualTo((CheckOutcome.Failed, 12.0)), check.Verdict);
        Assert.That(check.Verdict, Does.Contain("APGD-CE misses 12.0 % of the images"));
    }

    [Test]
    public void In_standard_the_gap_is_what_the_targeted_attack_broke()
    {
        CheckResult check = LossGapOf(Standard, Result(Standard, ("apgd-ce", 40), ("apgd-t", 7), ("fab-t", 20), ("square", 20)));
        Assert.That((check.Outcome, check.Figures["missed_by_apgd_ce"]), Is.EqualTo((CheckOutcome.Doubtful, 7.0)), check.Verdict);
    }

    [Test]
    public void What_fell_to_Square_counts_for_it_alone_if_no_later_attack_with_a_gradient_breaks_it()
    {
        Dictionary<string, double> withLaterAttacks =
            BlackBoxOf([Square(), Ascent()], Result(["square", "apgd-ce"], ("square", 30))).Figures.ToDictionary();
        int survivors = AutoAttackRun.Execute(
            _subject.Classifier, [Ascent()], _subject.Images.Select([.. Enumerable.Range(0, 30)])).Record.Survivors;
        Assert.That(withLaterAttacks["square_alone"], Is.EqualTo(survivors).And.LessThan(30), "of a hundred images");
        Dictionary<string, double> last = BlackBoxOf([Ascent(), Square()], Result(["apgd-ce", "square"], ("square", 30))).Figures.ToDictionary();
        Assert.That(last["square_alone"], Is.EqualTo(30));

        static SquareAttack Square() => new(ThreatModel.LInf(8.0 / 255), seed: 0, queries: 10);
        static ApgdAttack Ascent() => new(ApgdLoss.CrossEntropy, ThreatModel.LInf(8.0 / 255), seed: 0, iterations: 20);
    }

    private CheckResult LossGapOf(string[] attacks, AutoAttackResult result)
    {
        Assert.That(result.Record.Attacks, Is.EqualTo(attacks));
        return new LossGap().Examine(new AuditEvidence(_subject, []) { AutoAttack = result });
    }

    private CheckResult BlackBoxOf(Attack[] attacks, AutoAttackResult result)
    {
        CheckResult check = new BlackBox().Examine(new AuditEvidence(_subject, attacks) { AutoAttack = result });
        Assert.That(check.Figures, Contains.Key("square_alone"), check.Verdict);
        return check;
    }

    /// <summary>So many of the images fell to each.</summary>
    private AutoAttackResult Result(string[] attacks, params (string Attack, int Count)[] fallen)
    {
        string?[] fallenTo =
        [
            .. fallen.SelectMany(entry => Enumerable.Repeat(entry.Attack, entry.Count)), .. new string?[Images - fallen.Sum(entry => entry.Count)],
        ];
        return new AutoAttackResult(
            new AutoAttackRecord(attacks, fallenTo, new PassCount[attacks.Length], attacks.Length, 0), _subject.Images, _subject.Images.Pixels);
    }
}
