using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;
using Jarn.Tests.Models;

namespace Jarn.Tests.Auditing;

/// <summary>A classifier of drawn digits without a fault passes every check, and each planted fault fails those that it concerns.</summary>
public sealed class MaskingCheckTests
{
    private const double Epsilon = 0.08;
    private const int Examples = 100;

    private TemporaryFolder _folder = null!;
    private CpuDevice _device = null!;
    private Network _classifier = null!;
    private ImageSet _images = null!;
    private AuditFindings _sound = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Assert.That(CommandLineInterface.Run(
        [
            "--method", "fgsm-at1", "--data", "sketch", "--device", "cpu", "--epochs", "2", "--limit-train", "2000", "--limit-test", "10",
            "--epsilon", "0.05", "--attacks", "fgsm", "--output", _folder["run"], "--report", "off", "--quiet",
        ]), Is.Zero);
        _device = new CpuDevice(threads: 2);
        (_classifier, ModelOrigin origin) = ModelFile.Read(_folder["run"], _device);
        (_, Dataset data) = EvaluationData.Load(
            _folder["run"], origin, null, new AuditOptions { Quiet = true }, limit: null, Display.For(quiet: true));
        _images = data.Test;
        _sound = Audit(_classifier);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        _classifier.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_classifier_without_a_fault_passes()
    {
        AuditFindings findings = _sound;
        Assert.That(findings.Checks.Select(check => check.Name), Is.EqualTo(Auditor.CheckNames));
        foreach (CheckResult check in findings.Checks)
        {
            Assert.That(check.Outcome, Is.EqualTo(CheckOutcome.Passed), $"{check.Name}: {check.Verdict}");
        }
        Dictionary<string, double> accuracy = findings.Ladder.ToDictionary(rung => rung.Name, rung => rung.Accuracy);
        Assert.That(accuracy["clean"], Is.GreaterThan(accuracy[Rung.AutoAttack]).And.GreaterThan(80));
        Assert.That(accuracy[Rung.AutoAttack], Is.InRange(10, accuracy["pgd20 ×10"]), "a figure that any fault would give is no evidence");
        Assert.That(findings.Saliency!.Examples, Is.EqualTo(Examples));
    }

    [Test]
    [Category(TestCategory.Thorough)]
    public void A_softmax_of_temperature_1e_4_is_caught()
    {
        using PlantedNetwork planted = PlantedNetwork.OfTemperature(_classifier, 1e4);
        AuditFindings findings = Audit(planted);
        Assert.That(Failed(findings), Is.SupersetOf(new[] { "vanishing-gradient", "growing-epsilon", "loss-gap" }));
        Assert.That(Accuracy(findings, "pgd20"), Is.GreaterThan(Accuracy(_sound, Rung.AutoAttack) + 10), "the fault hides something");
        Assert.That(Accuracy(findings, Rung.AutoAttack), Is.EqualTo(Accuracy(_sound, Rung.AutoAttack)).Within(3), "and AutoAttack sees through it");
    }

    [Test]
    [Category(TestCategory.Thorough)]
    public void Quantised_gradients_are_caught()
    {
        using PlantedNetwork planted = PlantedNetwork.OfQuantisedGradients(_classifier, unit: 10);
        Assert.That(Failed(Audit(planted)), Is.SupersetOf(new[] { "vanishing-gradient", "growing-epsilon", "black-box" }));
    }

    [Test]
    public void Adversarial_images_that_8_bits_cannot_hold_are_caught()
    {
        using PlantedNetwork planted = PlantedNetwork.OfMagnifiedRemainders(_classifier, factor: 100);
        CheckResult check = InEightBits(Subject(planted));
        Assert.That(check.Outcome, Is.EqualTo(CheckOutcome.Failed), check.Verdict);
        Assert.That(check.Figures["autoattack_8_bit"], Is.GreaterThan(check.Figures["autoattack"] + 10));
    }

    [TestCase(20.5, Description = "between two levels, as 0.3 = 76.5/255 is")]
    [TestCase(20)]
    public void An_honest_classifier_passes_in_8_bits_whether_or_not_epsilon_is_a_whole_level(double levels)
    {
        CheckResult check = InEightBits(Subject(_classifier) with { Threat = ThreatModel.LInf(levels / 255) });
        Assert.That(check.Outcome, Is.EqualTo(CheckOutcome.Passed), check.Verdict);
        Assert.That(check.Figures["autoattack"], Is.InRange(10, 90), "there are images to round");
        Assert.That(check.Verdict.Contains("within 20/255 and", StringComparison.Ordinal), Is.EqualTo(levels != 20), check.Verdict);
    }

    [TestCase(1e-7)]
    [TestCase(0.9999999)]
    [TestCase(0.9999999999999999)]
    public void Any_epsilon_grows_through_sizes_of_different_names(double epsilon)
    {
        AuditSubject subject = new(Attacked(_classifier), BalancedSubset.Of(_images, 2), ThreatModel.LInf(epsilon), Seed: 0, []);
        CheckResult check = new GrowingEpsilon().Examine(new AuditEvidence(subject, []));
        Assert.That(check.Figures.Keys.First(), Is.EqualTo($"epsilon_{PerturbationSize.Text(epsilon)}"));
        Assert.That(check.Figures.Keys.Last(), Is.EqualTo("epsilon_1"));
    }

    [Test]
    public void Batch_norm_in_training_mode_is_caught()
    {
        using WideResNet classifier = ToyWideResNet.Classifier(_device);
        byte[] pixels = new byte[16 * 16 * 16 * 3];
        new Random(1).NextBytes(pixels);
        ImageSet images = new(pixels, Enumerable.Range(0, 16).Select(i => (byte)(i % 4)).ToArray(), 16, 16, 3, ["a", "b", "c", "d"]);
        Attack[] attacks =
        [
            .. new[] { ApgdLoss.CrossEntropy, ApgdLoss.TargetedDifferenceRatio }.Select(
                loss => new ApgdAttack(loss, ThreatModel.LInf(8.0 / 255), seed: 0, iterations: 3)),
        ];
        foreach (BatchStatistics statistics in (ReadOnlySpan<BatchStatistics>)[BatchStatistics.Batch, BatchStatistics.Running])
        {
            AuditSubject subject = new(
                new AttackedNetwork(_device, classifier, images.Shape, images.ClassCount, statistics), BalancedSubset.Of(images, 16),
                ThreatModel.LInf(8.0 / 255), Seed: 0, []);
            CheckResult check = new BatchDependence().Examine(new AuditEvidence(subject, attacks));
            AuditFindings findings = Auditor.Run(subject, attacks);
            Assert.That(findings.Ladder.Any(rung => rung.Name == Rung.AutoAttack), Is.EqualTo(check.Outcome == CheckOutcome.Passed));
            // One image proves the fault; a pass, and every other check, takes a hundred.
            Assert.That(
                findings.Checks.Select(other => other.Outcome),
                Is.EqualTo(Auditor.CheckNames.Select(
                    name => name == check.Name && check.Outcome == CheckOutcome.Failed ? CheckOutcome.Failed : CheckOutcome.Skipped)));
            Assert.That((check.Name, check.Outcome),
                Is.EqualTo(("batch-dependence", statistics == BatchStatistics.Batch ? CheckOutcome.Failed : CheckOutcome.Passed)), check.Verdict);
            Assert.That(check.Figures, Contains.Key("pgd20_batch_statistics"), "the release's protocol is shown beside");
        }
    }

    [Test]
    [Category(TestCategory.Thorough)]
    public void A_black_box_that_finds_more_than_the_gradient_is_caught_by_transfer_too()
    {
        using PlantedNetwork planted = PlantedNetwork.OfTemperature(_classifier, 1e4);
        AuditSubject subject = Subject(planted) with { Sources = [("runs/twin", Attacked(_classifier))] };
        Attack[] attacks = [new SquareAttack(ThreatModel.LInf(Epsilon), seed: 0, queries: 20)];
        AuditEvidence evidence = new(subject, attacks) { AutoAttack = AutoAttackRun.Execute(subject.Classifier, attacks, subject.Images) };
        CheckResult check = new BlackBox().Examine(evidence);
        Assert.That((check.Outcome, check.Figures.ContainsKey("transfer_runs/twin")), Is.EqualTo((CheckOutcome.Failed, true)));
        Assert.That(check.Verdict, Does.Contain("transfer from runs/twin"));
    }

    [Test]
    public void More_steps_that_find_less_and_a_leaked_label_are_told()
    {
        bool[] Robust(int survivors) => [.. Enumerable.Range(0, 1000).Select(image => image < survivors)];
        Assert.That(PairedComparison.Of(Robust(500), Robust(530)).SecondLeavesMore);
        Assert.That(PairedComparison.Of(Robust(500), Robust(530)).Excess, Is.EqualTo(3));
        Assert.That(PairedComparison.Of(Robust(530), Robust(500)).SecondLeavesMore, Is.False);
        Assert.That(PairedComparison.Of(Robust(500), Robust(505)).SecondLeavesMore, Is.False, "less than a point");
        // 60 and 40 images that only the one or the other survives: 2.0 deviations.
        bool[] first = [.. Enumerable.Range(0, 1000).Select(image => image is < 40 or >= 100)];
        bool[] second = [.. Enumerable.Range(0, 1000).Select(image => image >= 40)];
        Assert.That(PairedComparison.Of(first, second).SecondLeavesMore, Is.False, "within chance");
    }

    private AttackedNetwork Attacked(Network classifier) => new(_device, classifier, _images.Shape, _images.ClassCount);

    private AuditSubject Subject(Network classifier) =>
        new(Attacked(classifier), BalancedSubset.Of(_images, Examples), ThreatModel.LInf(Epsilon), Seed: 0, []);

    private static CheckResult InEightBits(AuditSubject subject)
    {
        Attack[] attacks = [new ApgdAttack(ApgdLoss.CrossEntropy, subject.Threat, seed: 0, iterations: 20)];
        return new EightBits()
            .Examine(new AuditEvidence(subject, attacks) { AutoAttack = AutoAttackRun.Execute(subject.Classifier, attacks, subject.Images) });
    }

    private AuditFindings Audit(Network classifier) => Auditor.Run(
        Subject(classifier),
        [
            new ApgdAttack(ApgdLoss.CrossEntropy, ThreatModel.LInf(Epsilon), seed: 0, iterations: 20),
            new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, ThreatModel.LInf(Epsilon), seed: 0, iterations: 20),
            new SquareAttack(ThreatModel.LInf(Epsilon), seed: 0, queries: 300),
        ]);

    private static double Accuracy(AuditFindings findings, string rung) => findings.Ladder.Single(step => step.Name == rung).Accuracy;

    private static string[] Failed(AuditFindings findings) =>
        [.. findings.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Name)];
}
