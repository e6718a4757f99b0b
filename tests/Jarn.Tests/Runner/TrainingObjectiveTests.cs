using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Runner;

/// <summary>What a step of each method descends, and when, on a Wide-ResNet of width 1.</summary>
public sealed class TrainingObjectiveTests
{
    private readonly ImageSet _images = DigitSketch.Train(4);

    private CpuDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new CpuDevice(threads: 1);

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    /// <summary>
    /// Parameters and running statistics: an attack uses the batch's statistics, and leaves the running ones to the images trained on.
    /// </summary>
    [TestCase("fgsm-at1")]
    [TestCase("double-backprop")]
    [TestCase("pgd-at7")]
    [TestCase("jarn-at1")]
    [TestCase("trades")]
    [TestCase("fast-at")]
    [TestCase("free-at")]
    [TestCase("jacobian-regularization")]
    public void A_step_is_one_of_the_optimiser_along_the_gradient_of_the_methods_objective(string name)
    {
        TrainingConfiguration configuration = Configuration(name, jarnFrom: 0);
        Assert.That(AfterSteps(configuration, _device, 1), Is.EqualTo(After((classifier, batch) => StepByHand(configuration, classifier, batch))));
    }

    [TestCase(0, 0, 1)]
    [TestCase(0.5, 0, 0.1)]
    [TestCase(0.5, 49, 0.1)]
    [TestCase(0.5, 50, 0.2)]
    [TestCase(0.5, 499, 1)]
    [TestCase(0.5, 500, 1)]
    [TestCase(1.0, 899, 0.9)]
    public void The_attack_grows_to_its_size_over_the_ramp(double ramp, int step, double size) =>
        Assert.That(RampedAttack.SizeAt(ramp, new StepPosition(step, 1000)), Is.EqualTo(size));

    [Test]
    public void Without_a_ramp_the_first_step_is_of_full_size()
    {
        float[][] FirstStep(double ramp, double epsilon) => AfterSteps(
            new TrainOptions { Method = "fgsm-at1", Settings = { ["epsilon-ramp"] = ramp, ["epsilon"] = epsilon } }.Resolve(DeviceKind.Cpu),
            _device, 1);
        Assert.That(FirstStep(0, 0.3), Is.Not.EqualTo(FirstStep(1, 0.3)).And.Not.EqualTo(FirstStep(0, 0.03)));
        Assert.That(FirstStep(1, 0.3), Is.EqualTo(FirstStep(0, 0.03)), "a tenth of it at first");
    }

    /// <summary>δ is 0 at first, then ε·sign ∇ where the sum stays in [0, 1], and never leaves the ball.</summary>
    [Test]
    public void Free_training_goes_on_with_its_perturbation_and_a_smaller_batch_moves_its_rows_alone()
    {
        ImageSet images = DigitSketch.Train(6);
        TrainingConfiguration configuration = Configuration("free-at", 0);
        configuration = configuration with { Recipe = configuration.Recipe with { BatchSize = 4 } };
        double epsilon = configuration.Recipe.Epsilon;
        using MnistCnn classifier = new(new Initializer(_device, 0, 0), images.ClassCount, InputTransform.None);
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, _device, classifier, images.Shape));
        Tensor perturbation = method.Learners.Single().State.Single(state => state.Name == "classifier.perturbation").Value;
        using BatchLoader loader = new(_device, images, 4, [[0, 1, 2, 3, 4, 5]]);
        Batch full = loader.Next();
        float[] expected = new float[perturbation.Length];
        for (int step = 0; step < 3; step++)
        {
            Assert.That(perturbation.ToArray(), Is.EqualTo(expected), $"before step {step}");
            float[] gradient = InputGradient(classifier, full, expected);
            expected =
            [
                .. expected.Zip(gradient, (delta, g) => Math.Clamp(delta + ((float)epsilon * MathF.Sign(g)), -(float)epsilon, (float)epsilon)),
            ];
            method.Step(full, new StepPosition(step, 9), readLosses: false);
        }
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(2), "pixels at the range's end stay, others move");
        method.Step(loader.Next(), new StepPosition(3, 9), readLosses: false);
        float[] after = perturbation.ToArray();
        int rows = 2 * images.PixelsPerImage;
        Assert.That(after[rows..], Is.EqualTo(expected[rows..]));
        Assert.That(after[..rows], Is.Not.EqualTo(expected[..rows]));
    }

    private float[] InputGradient(Network classifier, Batch batch, float[] perturbation)
    {
        using Tensor delta = Tensor.From(_device, batch.Images.Shape, perturbation);
        using Tape tape = new(_device);
        Tensor loss = tape.Sum(
            tape.CrossEntropy(classifier.Forward(tape, tape.Clamp(tape.Add(batch.Images, delta), 0, 1), BatchStatistics.Batch), batch.Labels));
        return tape.Gradient(loss, [delta], differentiable: false)[0].ToArray();
    }

    [TestCase("jarn", "uniform-noise")]
    [TestCase("jarn-at1", "fgsm-at1")]
    public void Before_JARN_sets_in_its_steps_are_plain(string name, string plain)
    {
        Assert.That(AfterSteps(Configuration(name, jarnFrom: 1), _device, 2), Is.EqualTo(AfterSteps(Configuration(plain, jarnFrom: 1), _device, 2)));
    }

    [Test]
    public void JARN_sets_in_at_the_step_that_its_share_rounds_up_to_and_the_discriminator_learns_every_so_many_steps()
    {
        using ProfilingDevice profile = new(_device);
        List<long> updates = [];
        AfterSteps(Configuration("jarn", jarnFrom: 0.25), profile, 10, () =>
        {
            updates.Add(profile.Entries.Single(entry => entry.Operation == "Adam").Calls);
            profile.Reset();
        });
        const int classifier = 23, adaptor = 2, discriminator = 10;
        Assert.That(updates, Is.EqualTo(Enumerable.Range(0, 10).Select(step =>
            classifier + (step < 3 ? 0 : adaptor) + (step >= 3 && (step - 3) % 3 == 0 ? discriminator : 0))));
    }

    [TestCase(0, 0.1)]
    [TestCase(39_999, 0.1)]
    [TestCase(40_000, 0.01)]
    [TestCase(59_999, 0.01)]
    [TestCase(60_000, 0.001)]
    [TestCase(79_999, 0.001)]
    public void The_papers_learning_rate_drops_at_its_steps(int step, double rate)
    {
        Recipe recipe = TrainingConfiguration.PresetRecipe(Preset.Paper, "cifar10", "jarn");
        Assert.That(
            recipe.LearningRate * recipe.LearningRateFactor(new StepPosition(step, recipe.TotalSteps(50_000))), Is.EqualTo(rate).Within(1e-15));
    }

    [TestCase(0.75, 80_000, 60_000)]
    [TestCase(0.75, 10, 8)]
    [TestCase(0.07, 100, 7, Description = "in binary, 0.07 · 100 is more than 7")]
    [TestCase(0, 10, 0)]
    [TestCase(1, 10, 10)]
    public void JARNs_first_step_is_its_share_rounded_up(double share, int total, int first)
    {
        Recipe recipe = TrainingConfiguration.PresetRecipe(Preset.Paper, "cifar10", "jarn") with { LearningRateDrops = [share] };
        Assert.That(new JarnSettings { JarnFrom = share }.FirstJarnStep(total), Is.EqualTo(first));
        Assert.That(Enumerable.Range(0, total).Count(step => recipe.LearningRateFactor(new StepPosition(step, total)) == 1), Is.EqualTo(first));
    }

    private void StepByHand(TrainingConfiguration configuration, Network classifier, Batch batch)
    {
        Recipe recipe = configuration.Recipe;
        using Tensor perturbed = new(_device, batch.Images.Shape);
        // The MNIST preset's ramp begins with a tenth.
        double size = configuration.Method is "pgd-at7" or "fgsm-at1" or "jarn-at1" or "fast-at" ? 0.1 : 1;
        GradientAttack attack = configuration.Method switch
        {
            "pgd-at7" => new Pgd(recipe.ThreatModel.Scaled(size), size * 0.01, 3),
            "fast-at" => new Pgd(recipe.ThreatModel.Scaled(size), size * 1.25 * recipe.Epsilon, 1),
            "trades" => new DivergenceAttack(recipe.ThreatModel, 0.01, 2),
            _ => new Fgsm(recipe.ThreatModel.Scaled(size)),
        };
        using Tape clean = new(_device, recording: false);
        bool isTrades = configuration.Method == "trades";
        attack.Run(
            classifier, batch.Images, isTrades ? clean.Softmax(classifier.Forward(clean, batch.Images, BatchStatistics.Running)) : batch.Labels,
            new RandomStream(configuration.Seed, RandomStream.TrainingAttack).At(0), perturbed,
            isTrades ? BatchStatistics.Running : BatchStatistics.Batch);
        using Tensor directions = new(_device, batch.Labels.Shape);
        _device.RandomNormal(new RandomStream(configuration.Seed, RandomStream.JacobianProjection).At(0), 0, 1, directions.Buffer);
        JarnSettings jarn = recipe.Method as JarnSettings ?? new JarnSettings();
        JarnNetworks networks = new(
            classifier, new Adaptor(new Initializer(_device, configuration.Seed, 1), 1),
            new Discriminator(new Initializer(_device, configuration.Seed, 2), new ImageShape(28, 28, 1), jarn.DiscriminatorWidths));
        using Tape tape = new(_device);
        Tensor loss = configuration.Method switch
        {
            "double-backprop" => DoubleBackpropObjective.Evaluate(
                tape, classifier, batch.Images, batch.Labels, ((DoubleBackpropSettings)recipe.Method).LambdaGradient).Total,
            "jarn-at1" => JarnObjective.Evaluate(tape, networks, perturbed, batch.Labels, jarn.Options, real: batch.Images).Total,
            "trades" => TradesObjective.Evaluate(tape, classifier, batch.Images, perturbed, batch.Labels, beta: 1).Total,
            "jacobian-regularization" =>
                JacobianRegularizationObjective.Evaluate(tape, classifier, batch.Images, batch.Labels, directions, lambda: 0.01).Total,
            "free-at" => tape.Mean(tape.CrossEntropy(classifier.Forward(tape, batch.Images, BatchStatistics.Train), batch.Labels)),
            _ => tape.Mean(tape.CrossEntropy(classifier.Forward(tape, perturbed, BatchStatistics.Train), batch.Labels)),
        };
        using Adam optimiser = new(_device, classifier.Parameters, recipe.WeightDecay);
        optimiser.Step(
            tape.Gradient(loss, [.. classifier.Parameters.Select(parameter => parameter.Value)], differentiable: false),
            recipe.LearningRate * (configuration.Method == "jarn-at1" ? jarn.JarnLearningRateFactor : 1));
        networks.Adaptor.Dispose();
        networks.Discriminator.Dispose();
    }

    private float[][] AfterSteps(TrainingConfiguration configuration, IDevice device, int steps, Action? stepDone = null) =>
        After((classifier, batch) =>
    {
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, classifier, _images.Shape));
        for (int step = 0; step < steps; step++)
        {
            method.Step(batch, new StepPosition(step, steps), readLosses: false);
            stepDone?.Invoke();
        }
    });

    /// <summary>A classifier's state after something was done with it.</summary>
    private float[][] After(Action<Network, Batch> train)
    {
        using WideResNet classifier = new(new Initializer(_device, 0, 0), 1, _images.ClassCount, InputTransform.None, width: 1, unitsPerStage: 1);
        using BatchLoader loader = new(_device, _images, _images.Count, [[.. Enumerable.Range(0, _images.Count)]]);
        train(classifier, loader.Next());
        return [.. classifier.State.Select(parameter => parameter.Value.ToArray())];
    }

    private static TrainingConfiguration Configuration(string method, double jarnFrom) => new TrainOptions
    {
        Method = method,
        Settings =
        {
            ["jarn-from"] = jarnFrom,
            ["discriminator-widths"] = new[] { 2, 4 },
            ["discriminator-interval"] = 3,
            ["training-attack-iterations"] = 3,
            ["trades-iterations"] = 2,
        },
    }.Resolve(DeviceKind.Cpu);
}
