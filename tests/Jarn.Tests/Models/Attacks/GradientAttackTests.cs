using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>An attack that ascends gradients does so on a network's device and through host memory alike.</summary>
public sealed class GradientAttackTests
{
    private const int Pixels = 30, Classes = 6, Count = 40;

    private static IEnumerable<Attack> Attacks =>
    [
        new Fgsm(ThreatModel.LInf(0.05)), new Fgsm(ThreatModel.LInf(0.05), AttackLoss.Margin), new Pgd(ThreatModel.LInf(0.05), 0.01, 10),
        new Pgd(ThreatModel.LInf(0.05), 0.02, 5, AttackLoss.Margin, seed: 3, restarts: 3), new DivergenceAttack(ThreatModel.LInf(0.05), 0.02, 5),
    ];

    [TestCaseSource(nameof(Attacks))]
    public void Both_ways_lead_to_the_same_images_for_as_many_passes(Attack attack)
    {
        using CpuDevice device = new(threads: 1);
        LinearClassifier classifier = LinearClassifier.Random(1, 1, Pixels, 1, Classes);
        using Network network = new LinearNetwork(device, classifier);
        AttackedImages images = classifier.Images(1, Count, 0, 1) with { Batch = (2, 5) };
        AttackedNetwork onDevice = new(device, network, new ImageShape(1, Pixels, 1), Classes);
        AttackOutcome inMemory = attack.Run(classifier, images), direct = attack.Run(onDevice, images);
        Assert.That(inMemory.Perturbed, Is.EqualTo(direct.Perturbed).Within(1e-5));
        Assert.That(inMemory.Found, Is.EqualTo(direct.Found).And.Some.True.And.Some.False);
        Assert.That(onDevice.Passes, Is.EqualTo(classifier.Passes));
        PassCount most = attack.MostPasses(Classes);
        Assert.That((onDevice.Passes.Forward, onDevice.Passes.Backward), Is.EqualTo((most.Forward * Count, most.Backward * Count)));
    }

    [Test]
    public void A_transfer_attack_follows_the_source_and_is_judged_by_the_target()
    {
        LinearClassifier target = LinearClassifier.Random(1, 1, Pixels, 1, Classes), source = LinearClassifier.Random(2, 1, Pixels, 1, Classes);
        AttackedImages images = target.Images(1, Count, 0, 1);
        Pgd attack = new(ThreatModel.LInf(0.05), 0.01, 10);
        AttackOutcome transferred = attack.Run(new TransferClassifier(target, source), images);
        Assert.That(transferred.Perturbed, Is.EqualTo(attack.Run(source, images).Perturbed));
        for (int row = 0; row < Count; row++)
        {
            double[] scores = target.Scores(transferred.Perturbed.AsSpan(row * Pixels, Pixels));
            Assert.That(transferred.Found[row], Is.EqualTo(Array.IndexOf(scores, scores.Max()) != images.Labels[row]));
        }
        Assert.That(transferred.Found.Count(found => found), Is.LessThan(attack.Run(target, images).Found.Count(found => found)));
    }

    [Test]
    public void It_takes_its_turn_among_AutoAttacks_attacks()
    {
        LinearClassifier classifier = LinearClassifier.Random(1, 1, Pixels, 1, Classes);
        AttackedImages images = classifier.Images(1, Count, 0, 1);
        AutoAttack autoAttack = new(
            [new Pgd(ThreatModel.LInf(0.05), 0.01, 10), new SquareAttack(ThreatModel.LInf(0.05), seed: 0, queries: 500)], batchSize: 9);
        AutoAttackRecord record = autoAttack.Begin(classifier, images);
        while (!record.IsComplete)
        {
            record = autoAttack.Step(classifier, images, record, new float[images.Pixels.Length]);
        }
        Assert.That(record.FallenTo, Has.Some.EqualTo("pgd10").And.Some.Null);
        Assert.That(record.Passes[0].Backward, Is.EqualTo(10 * Count));
    }

    private sealed class LinearNetwork(IDevice device, LinearClassifier classifier) : Network
    {
        private readonly Parameter _weight = new("weight", Tensor.From(device, new Shape(Pixels, Classes), classifier.Weights()), Decays: true);
        private readonly Parameter _bias = new("bias", Tensor.From(device, new Shape(Classes), classifier.Bias()), Decays: false);

        public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

        public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) =>
            tape.AddBias(tape.MatMul(tape.Flatten(x), _weight.Value), _bias.Value);
    }
}
