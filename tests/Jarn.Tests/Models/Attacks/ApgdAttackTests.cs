using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Models;

public sealed class ApgdAttackTests
{
    private static readonly ApgdLoss[] Losses = [ApgdLoss.CrossEntropy, ApgdLoss.DifferenceRatio, ApgdLoss.TargetedDifferenceRatio];

    /// <summary>
    /// With two classes the cross-entropy's gradient points where the worst case lies, and at the boundary that of a targeted ratio does.
    /// </summary>
    private static IEnumerable<TestCaseData> Exact =>
    [
        new TestCaseData(ApgdLoss.CrossEntropy, 2).SetArgDisplayNames("cross-entropy, two classes"),
        new TestCaseData(ApgdLoss.TargetedDifferenceRatio, 6).SetArgDisplayNames("targeted difference ratio"),
        new TestCaseData(ApgdLoss.TargetedDifferenceRatio, 12).SetArgDisplayNames("targeted difference ratio, more classes than targets"),
    ];

    [TestCaseSource(nameof(Exact))]
    public void On_a_linear_classifier_it_finds_an_adversarial_image_wherever_there_is_one(ApgdLoss loss, int classes)
    {
        LinearClassifier classifier = Linear(classes);
        AttackedImages images = classifier.Images(1, 50, 0, 1);
        foreach (double epsilon in new[] { 0.02, 0.05, 0.1 })
        {
            ApgdAttack attack = new(loss, ThreatModel.LInf(epsilon), seed: 0);
            Attacked attacked = Attacked.By(attack, classifier, images);
            attacked.AssertSound(attack, classifier, images);
            bool[] expected = [.. Enumerable.Range(0, images.Count).Select(i => !classifier.Withstands(images.Row(i), images.Labels[i], epsilon))];
            Assert.That(attacked.Found, Is.EqualTo(expected), $"ε = {epsilon}: {expected.Count(breaks => breaks)} can be changed");
            Assert.That(expected, Does.Contain(true).And.Contain(false));
        }
    }

    [Test]
    public void Losses_that_look_at_several_classes_at_once_find_most_of_what_there_is_and_nothing_else()
    {
        LinearClassifier classifier = Linear(classes: 6);
        AttackedImages images = classifier.Images(1, 50, 0, 1);
        foreach (ApgdLoss loss in Losses)
        {
            ApgdAttack attack = new(loss, ThreatModel.LInf(0.05), seed: 0);
            Attacked attacked = Attacked.By(attack, classifier, images);
            attacked.AssertSound(attack, classifier, images);
            int there = Enumerable.Range(0, images.Count).Count(i => !classifier.Withstands(images.Row(i), images.Labels[i], 0.05));
            Assert.That(attacked.Found.Count(found => found), Is.InRange(0.8 * there, there), attack.Name);
        }
    }

    [Test]
    public void An_image_has_the_same_outcome_in_every_company_and_another_one_of_another_seed()
    {
        LinearClassifier classifier = Linear(classes: 6);
        AttackedImages images = classifier.Images(1, 40, 0, 1);
        foreach (ApgdLoss loss in Losses)
        {
            ApgdAttack attack = new(loss, ThreatModel.LInf(0.05), seed: 0, restarts: 2, iterations: 20);
            Attacked.AssertIndependentOfBatching(attack, classifier, images);
            Assert.That(
                Attacked.By(new ApgdAttack(loss, ThreatModel.LInf(0.05), seed: 1, restarts: 2, iterations: 20), classifier, images).Adversarial,
                Is.Not.EqualTo(Attacked.By(attack, classifier, images).Adversarial));
        }
    }

    [Test]
    public void The_iterates_start_on_the_balls_surface_and_the_first_step_is_twice_its_radius()
    {
        List<float[]> asked = [];
        LinearClassifier classifier = Linear(classes: 4);
        AttackedImages images = classifier.Images(1, 1, 0.4f, 0.6f);
        classifier.Asked = asked.Add;
        Attacked.By(new ApgdAttack(ApgdLoss.CrossEntropy, ThreatModel.LInf(1e-3), seed: 0, iterations: 5), classifier, images);
        float[] start = asked[0], first = asked[1];
        Assert.That(start.Zip(images.Pixels, (a, b) => Math.Abs(a - b)).Max(), Is.EqualTo(1e-3).Within(1e-7));
        Assert.That(start.Zip(images.Pixels, (a, b) => Math.Abs(a - b)).Min(), Is.LessThan(5e-4), "uniform, not a corner");
        Assert.That(
            first.Zip(images.Pixels, (a, b) => Math.Abs(a - b)), Has.All.EqualTo(1e-3).Within(1e-7), "from anywhere in the ball 2ε lead to a corner");
    }

    /// <summary>
    /// Steps of 2ε jump to and fro over the summit, so that the first checkpoint, after 22 of them, halves the step and goes on from the best point
    /// so far, with the momentum of the last two.
    /// </summary>
    [Test]
    public void Around_a_summit_the_step_is_halved_and_the_ascent_goes_on_from_its_best_point_until_it_is_there()
    {
        const double x = 0.5, epsilon = 0.3;
        SummitClassifier classifier = new();
        Attacked.By(new ApgdAttack(ApgdLoss.CrossEntropy, ThreatModel.LInf(epsilon), seed: 0), classifier, new AttackedImages([(float)x], [0], [0]));
        List<double> asked = classifier.Asked;
        Assert.That(asked, Has.Count.EqualTo(101));
        double best = asked.Take(23).MinBy(point => Math.Abs(point - SummitClassifier.Summit));
        double z = Math.Clamp(best + (Math.Sign(SummitClassifier.Summit - best) * epsilon), x - epsilon, x + epsilon);
        Assert.That(best, Is.Not.EqualTo(asked[22]));
        Assert.That(asked[23], Is.EqualTo(best + (0.75 * (z - best)) + (0.25 * (best - asked[21]))).Within(1e-6));
        Assert.That(asked[^1], Is.EqualTo(SummitClassifier.Summit).Within(0.01));
    }

    [Test]
    public void Restarts_and_targets_each_cost_a_start_and_so_many_steps_and_a_fallen_image_costs_nothing_more()
    {
        foreach ((ApgdLoss loss, int restarts, PassCount expected) in new[]
        {
            (ApgdLoss.CrossEntropy, 1, new PassCount(11, 11)), (ApgdLoss.DifferenceRatio, 3, new PassCount(33, 33)),
            (ApgdLoss.TargetedDifferenceRatio, 1, new PassCount(56, 55)), (ApgdLoss.TargetedDifferenceRatio, 2, new PassCount(111, 110)),
        })
        {
            LinearClassifier classifier = Linear(classes: 6);
            AttackedImages images = classifier.Images(1, 7, 0, 1);
            ApgdAttack attack = new(loss, ThreatModel.LInf(1e-6), seed: 0, restarts, iterations: 10);
            Attacked standing = Attacked.By(attack, classifier, images);
            Attacked falling = Attacked.By(new ApgdAttack(loss, ThreatModel.LInf(1), seed: 0, restarts), classifier, images);
            Assert.That(standing.Found, Has.None.True);
            Assert.That((standing.Passes, attack.MostPasses(6)), Is.EqualTo((new PassCount(7 * expected.Forward, 7 * expected.Backward), expected)),
                attack.Name);
            Assert.That(falling.Found, Has.None.False);
            Assert.That(falling.Passes.Backward, Is.LessThan(7 * 5), attack.Name);
        }
    }

    [Test]
    public void Too_few_classes_for_a_loss_are_refused_in_one_sentence()
    {
        LinearClassifier classifier = Linear(classes: 3);
        AttackedImages images = classifier.Images(1, 2, 0, 1);
        Assert.That(Attacked.By(new ApgdAttack(ApgdLoss.DifferenceRatio, ThreatModel.LInf(0.3), 0), classifier, images).Passes.Backward, Is.Positive);
        Assert.That(
            () => Attacked.By(new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, ThreatModel.LInf(0.3), 0), classifier, images),
            Throws.ArgumentException.With.Message.StartsWith(
                "apgd-t needs at least 4 classes, for its loss compares the 4 largest logits, and this classifier has 3"));
    }

    [Test]
    public void On_a_trained_network_it_is_at_least_as_strong_as_projected_gradient_descent_of_as_many_steps()
    {
        const int iterations = 20;
        using CpuDevice device = new(threads: 2);
        ImageSet images = DigitSketch.Train(200);
        using MnistCnn network = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        TrainingConfiguration configuration = new TrainOptions { Method = "standard" }.Resolve(DeviceKind.Cpu);
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, network, images.Shape));
        using BatchLoader loader = new(device, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
        Batch batch = loader.Next();
        for (int step = 0; step < 40; step++)
        {
            method.Step(batch, new StepPosition(step, 40), readLosses: false);
        }
        ImageSet attacked = images.Limit(60);
        AttackedNetwork classifier = new(device, network, images.Shape, images.ClassCount);
        Evaluator evaluator = new(classifier, attacked);
        double descent = 0, automatic = 0;
        foreach (double epsilon in new[] { 0.02, 0.04, 0.06, 0.08 })
        {
            descent += evaluator.Run(new Pgd(ThreatModel.LInf(epsilon), 2.5 * epsilon / iterations, iterations)).Accuracy;
            ApgdAttack attack = new(ApgdLoss.CrossEntropy, ThreatModel.LInf(epsilon), seed: 0, iterations: iterations);
            AttackedImages all = BalancedSubset.Of(attacked, attacked.Count);
            automatic += AutoAttackRun.Execute(classifier, [attack], all).Figures[^1].Result.Accuracy;
        }
        TestContext.Out.WriteLine($"accuracy over four ε: PGD {descent / 4:0.00} %, APGD {automatic / 4:0.00} %");
        Assert.That(automatic, Is.LessThanOrEqualTo(descent).And.InRange(20, 380));
    }

    private static LinearClassifier Linear(int classes) => LinearClassifier.Random(1, 1, 30, 1, classes);

    /// <summary>One pixel, two classes: z = (10, −100(x − m)²), whose cross-entropy with the first is largest at m.</summary>
    private sealed class SummitClassifier : IClassifier
    {
        public const double Summit = 0.57;

        public int Height => 1;

        public int Width => 1;

        public int Channels => 1;

        public int Classes => 2;

        public List<double> Asked { get; } = [];

        public void Logits(ReadOnlySpan<float> images, Span<float> logits)
        {
            for (int row = 0; row < images.Length; row++)
            {
                (logits[2 * row], logits[(2 * row) + 1]) = (10, (float)(-100 * Math.Pow(images[row] - Summit, 2)));
            }
        }

        public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
        {
            Logits(images, logits);
            Span<float> cotangent = stackalloc float[2];
            for (int row = 0; row < images.Length; row++)
            {
                Asked.Add(images[row]);
                losses[row] = loss(row, logits.Slice(2 * row, 2), cotangent);
                gradients[row] = (float)(cotangent[1] * -200 * (images[row] - Summit));
            }
        }
    }
}
