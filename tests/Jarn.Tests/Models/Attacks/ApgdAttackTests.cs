using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Training;

namespace Jarn.Tests.Models.Attacks;

public sealed class ApgdAttackTests
{
    private static IEnumerable<TestCaseData> Losses =>
    [
        new TestCaseData(ApgdLoss.CrossEntropy, 2).SetArgDisplayNames("cross-entropy, two classes"),
        new TestCaseData(ApgdLoss.CrossEntropy, 6).SetArgDisplayNames("cross-entropy"),
        new TestCaseData(ApgdLoss.DifferenceRatio, 6).SetArgDisplayNames("difference ratio"),
        new TestCaseData(ApgdLoss.TargetedDifferenceRatio, 6).SetArgDisplayNames("targeted difference ratio"),
        new TestCaseData(ApgdLoss.TargetedDifferenceRatio, 12).SetArgDisplayNames("targeted difference ratio, more classes than targets"),
    ];

    [TestCaseSource(nameof(Losses))]
    public void On_a_linear_classifier_it_finds_an_adversarial_image_wherever_there_is_one(ApgdLoss loss, int classes)
    {
        const int pixels = 30, count = 60;
        foreach (double epsilon in new[] { 0.02, 0.05, 0.1 })
        {
            LinearClassifier classifier = new(pixels, classes);
            AttackedImages images = classifier.Images(count);
            (float[] adversarial, bool[] found) = Run(new ApgdAttack(loss, epsilon, seed: 0), classifier, images);
            bool[] expected = [.. Enumerable.Range(0, count).Select(i => !classifier.Withstands(images.Pixels.AsSpan(i * pixels, pixels), images.Labels[i], epsilon))];
            Assert.That(found, Is.EqualTo(expected), $"ε = {epsilon}: {expected.Count(breaks => breaks)} of {count} can be changed");
            Assert.That(expected, Does.Contain(true).And.Contain(false));
            RequireAdmissible(images, adversarial, epsilon);
        }
    }

    [Test]
    public void An_image_has_the_same_outcome_in_every_company_and_another_one_of_another_seed()
    {
        LinearClassifier classifier = new(pixels: 30, classes: 6);
        AttackedImages images = classifier.Images(40);
        int[] some = [31, 4, 17, 5];
        foreach (ApgdLoss loss in new[] { ApgdLoss.CrossEntropy, ApgdLoss.DifferenceRatio, ApgdLoss.TargetedDifferenceRatio })
        {
            ApgdAttack attack = new(loss, 0.05, seed: 0, restarts: 2, iterations: 20);
            (float[] adversarial, bool[] found) = Run(attack, classifier, images);
            (float[] few, bool[] foundOfFew) = Run(attack, classifier, images.Select(some));
            Assert.That(foundOfFew, Is.EqualTo(some.Select(i => found[i])).And.Contain(true));
            Assert.That(few, Is.EqualTo(images.Select(some, adversarial).Pixels));
            Assert.That(Run(attack, classifier, images).Adversarial, Is.EqualTo(adversarial));
            Assert.That(Run(new ApgdAttack(loss, 0.05, seed: 1, restarts: 2, iterations: 20), classifier, images).Adversarial, Is.Not.EqualTo(adversarial));
        }
    }

    [Test]
    public void Restarts_and_targets_each_cost_a_start_and_so_many_steps_to_an_image_that_withstands_and_one_start_to_one_that_does_not()
    {
        foreach ((ApgdLoss loss, int restarts, PassCount expected) in new[]
        {
            (ApgdLoss.CrossEntropy, 1, new PassCount(11, 11)), (ApgdLoss.DifferenceRatio, 3, new PassCount(33, 33)),
            (ApgdLoss.TargetedDifferenceRatio, 1, new PassCount(56, 55)), (ApgdLoss.TargetedDifferenceRatio, 2, new PassCount(111, 110)),
        })
        {
            LinearClassifier classifier = new(pixels: 30, classes: 6);
            ApgdAttack attack = new(loss, epsilon: 1e-6, seed: 0, restarts, iterations: 10);
            Assert.That(Run(attack, classifier, classifier.Images(7)).Found, Has.None.True);
            Assert.That((classifier.Passes, attack.MostPasses(6)), Is.EqualTo((new PassCount(7 * expected.Forward, 7 * expected.Backward), expected)), attack.Name);
        }
        LinearClassifier fragile = new(pixels: 30, classes: 6);
        Assert.That(Run(new ApgdAttack(ApgdLoss.CrossEntropy, epsilon: 1, seed: 0), fragile, fragile.Images(7)).Found, Has.None.False);
        Assert.That(fragile.Passes.Backward, Is.LessThan(7 * 4));
    }

    [Test]
    public void Too_few_classes_for_a_loss_are_refused_in_one_sentence()
    {
        LinearClassifier classifier = new(pixels: 4, classes: 3);
        AttackedImages images = classifier.Images(2);
        Assert.That(Run(new ApgdAttack(ApgdLoss.DifferenceRatio, 0.3, 0), classifier, images).Found, Has.Length.EqualTo(2));
        Assert.That(
            () => Run(new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, 0.3, 0), classifier, images),
            Throws.ArgumentException.With.Message.StartsWith("apgd-t needs at least 4 classes, for its loss compares the 4 largest logits, and this classifier has 3"));
    }

    [Test]
    public void On_a_trained_network_it_is_at_least_as_strong_as_projected_gradient_descent_of_as_many_steps()
    {
        const int iterations = 20;
        using CpuDevice device = new(threads: 2);
        ImageSet images = DigitSketch.Train(300);
        using MnistCnn network = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        TrainingConfiguration configuration = TrainingConfiguration.Resolve(new TrainOptions { Method = "standard" }, DeviceKind.Cpu);
        using TrainingMethod method = TrainingMethod.Create(configuration, device, network, images);
        using BatchLoader loader = new(device, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
        Batch batch = loader.Next();
        for (int step = 0; step < 40; step++)
        {
            method.Step(batch, new StepPosition(step, 40), readLosses: false);
        }
        ImageSet attacked = images.Limit(100);
        Evaluator evaluator = new(device, network, attacked, seed: 0);
        AttackedNetwork classifier = new(device, network, new Shape(1, 28, 28, 1), images.ClassCount);
        double descent = 0, automatic = 0;
        foreach (double epsilon in new[] { 0.02, 0.04, 0.06, 0.08 })
        {
            descent += evaluator.Run(new Pgd(epsilon, 2.5 * epsilon / iterations, iterations), _ => { }).Accuracy;
            ApgdAttack attack = new(ApgdLoss.CrossEntropy, epsilon, seed: 0, iterations: iterations);
            AttackedImages all = BalancedSubset.Of(attacked, attacked.Count);
            float[] adversarial = [.. all.Pixels];
            AutoAttack autoAttack = new([attack]);
            AutoAttackRecord record = autoAttack.Begin(classifier, all);
            while (!record.IsComplete)
            {
                record = autoAttack.Step(classifier, all, record, adversarial);
            }
            automatic += 100.0 * record.Survivors / all.Count;
            RequireAdmissible(all, adversarial, epsilon);
        }
        TestContext.Out.WriteLine($"accuracy over four ε: PGD {descent / 4:0.00} %, APGD {automatic / 4:0.00} %");
        Assert.That(automatic, Is.LessThanOrEqualTo(descent).And.InRange(20, 380));
    }

    private static (float[] Adversarial, bool[] Found) Run(EvasionAttack attack, IAttackedClassifier classifier, AttackedImages images)
    {
        float[] adversarial = new float[images.Pixels.Length];
        bool[] found = new bool[images.Count];
        attack.Run(classifier, images, adversarial, found);
        return (adversarial, found);
    }

    private static void RequireAdmissible(AttackedImages images, float[] adversarial, double epsilon)
    {
        Assert.That(adversarial, Has.All.InRange(0f, 1f));
        Assert.That(adversarial.Zip(images.Pixels, (after, before) => Math.Abs(after - before)), Has.All.LessThanOrEqualTo(epsilon + 1e-6));
        Assert.That(adversarial, Is.Not.EqualTo(images.Pixels));
    }
}
