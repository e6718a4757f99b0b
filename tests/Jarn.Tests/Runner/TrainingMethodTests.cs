using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Runner;

public sealed class TrainingMethodTests
{
    [TestCaseSource(typeof(TestMethods), nameof(TestMethods.Names))]
    public void Every_step_gives_back_all_its_memory(string name)
    {
        using CpuDevice device = new();
        ImageSet images = DigitSketch.Train(8);
        TrainingConfiguration configuration =
            new TrainOptions { Method = name, Settings = { ["jarn-from"] = 0.5, ["discriminator-interval"] = 2 } }.Resolve(DeviceKind.Cpu);
        using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, classifier, images.Shape));
        using BatchLoader loader = new(device, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
        Batch batch = loader.Next();
        method.Step(batch, new StepPosition(0, 6), readLosses: true);
        int lent = device.Memory.LentBuffers;
        for (int step = 1; step < 6; step++)
        {
            method.Step(batch, new StepPosition(step, 6), readLosses: true);
            Assert.That(device.Memory.LentBuffers, Is.EqualTo(lent), $"after step {step}");
        }
    }

    [TestCaseSource(typeof(TestMethods), nameof(TestMethods.Names))]
    public void A_step_allocates_nothing_once_all_its_kinds_were_taken(string name)
    {
        using CpuDevice device = new(threads: 2);
        ImageSet images = DigitSketch.Train(8);
        TrainingConfiguration configuration = new TrainOptions
        {
            Method = name,
            Settings = { ["jarn-from"] = 0.0, ["discriminator-interval"] = 2, ["epsilon-ramp"] = 0.0 },
        }.Resolve(DeviceKind.Cpu);
        using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, classifier, images.Shape));
        using BatchLoader loader = new(device, images, images.Count, Enumerable.Repeat(Enumerable.Range(0, images.Count).ToArray(), 100));
        int done = 0;
        Train(4);
        Assert.That(Allocations.Of(() => Train(6)), Is.Zero);

        void Train(int steps)
        {
            for (int last = done + steps; done < last; done++)
            {
                method.Step(loader.Next(), new StepPosition(done, 100), readLosses: done == last - 1);
            }
        }
    }

    [Test]
    public void An_attack_allocates_nothing_once_it_has_run()
    {
        using CpuDevice device = new(threads: 2);
        ImageSet images = DigitSketch.Train(8);
        using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        using BatchLoader loader = new(device, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
        Batch batch = loader.Next();
        using Tensor perturbed = new(device, batch.Images.Shape);
        Pgd attack = new(ThreatModel.LInf(0.3), 0.1, 3);
        Run(0);
        Assert.That(Allocations.Of(() => Run(1)), Is.Zero);

        void Run(ulong seed) => attack.Run(classifier, batch.Images, batch.Labels, new RandomKey(seed, 0), perturbed);
    }

    [Test]
    public void A_profile_changes_no_bit_and_names_what_took_the_time()
    {
        using CpuDevice device = new();
        using ProfilingDevice profile = new(device);
        float[] Weights(IDevice stepDevice)
        {
            ImageSet images = DigitSketch.Train(8);
            TrainingConfiguration configuration = new TrainOptions { Method = "jarn", Settings = { ["jarn-from"] = 0.0 } }.Resolve(DeviceKind.Cpu);
            using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
            using TrainingMethod method = MethodDefinition.Create(
                new MethodContext(configuration.Recipe, configuration.Seed, stepDevice, classifier, images.Shape));
            using BatchLoader loader = new(stepDevice, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
            Batch batch = loader.Next();
            method.Step(batch, new StepPosition(0, 1), readLosses: false);
            return classifier.Parameters[0].Value.ToArray();
        }
        Assert.That(Weights(profile), Is.EqualTo(Weights(device)));
        // The classifier's three convolutions and the discriminator's two, and the three again as derivatives of the Jacobian; the adaptor's one
        // weight scales.
        Assert.That(profile.Entries.Single(entry => entry.Operation == "Convolution").Calls, Is.EqualTo(8));
        Assert.That(profile.Entries.Select(entry => entry.Milliseconds), Is.Ordered.Descending.And.All.Positive);
    }

    [Test]
    public void The_order_of_images_is_a_permutation_that_seed_and_epoch_choose()
    {
        int[] order = Shuffling.Order(100, seed: 1, epoch: 0);
        Assert.That(order, Is.EquivalentTo(Enumerable.Range(0, 100)));
        Assert.That(Shuffling.Order(100, 1, 0), Is.EqualTo(order));
        Assert.That(Shuffling.Order(100, 1, 1), Is.Not.EqualTo(order));
        Assert.That(Shuffling.Order(100, 2, 0), Is.Not.EqualTo(order));
    }

    [Test]
    public void Attacks_stay_within_epsilon_and_the_pixel_range_and_lower_accuracy()
    {
        using CpuDevice device = new();
        ImageSet images = DigitSketch.Train(300);
        TrainingConfiguration configuration = new TrainOptions { Method = "standard" }.Resolve(DeviceKind.Cpu);
        using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, classifier, images.Shape));
        using BatchLoader loader = new(device, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
        Batch batch = loader.Next();
        for (int step = 0; step < 25; step++)
        {
            method.Step(batch, new StepPosition(step, 25), readLosses: false);
        }
        Evaluator evaluator = new(new AttackedNetwork(device, classifier, images.Shape, images.ClassCount), images);
        double clean = evaluator.Clean().Accuracy;
        AttackResult fgsm = evaluator.Run(new Fgsm(ThreatModel.LInf(0.1)));
        AttackResult pgd = evaluator.Run(new Pgd(ThreatModel.LInf(0.1), AttackStep.For(1, 0.1, 10), 10));
        Assert.That(clean, Is.GreaterThan(60));
        Assert.That(fgsm.Accuracy, Is.LessThan(clean));
        Assert.That(pgd.Accuracy, Is.LessThanOrEqualTo(fgsm.Accuracy));
    }

    [Test]
    public void A_gradient_of_exactly_zero_is_counted()
    {
        using CpuDevice device = new();
        ImageSet images = DigitSketch.Train(20);
        using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
        Parameter bias = classifier.Parameters[^1];
        device.Upload([.. Enumerable.Range(0, images.ClassCount).Select(label => label == images.Labels[0] ? 1e4f : 0f)], bias.Value.Buffer);
        double share = 100.0 * images.Labels.Count(images.Labels[0]) / images.Count;

        AttackResult result = new Evaluator(new AttackedNetwork(device, classifier, images.Shape, images.ClassCount), images)
            .Run(new Fgsm(ThreatModel.LInf(0.1)));

        Assert.That((result.ZeroGradient, result.Accuracy), Is.EqualTo((share, share)), "a saturated softmax hides its loss from gradients");
    }
}
