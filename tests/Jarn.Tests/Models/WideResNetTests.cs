using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>The Wide-ResNet and its discriminator: what they are made of, and their derivatives in double precision at toy size.</summary>
public sealed class WideResNetTests
{
    private ReferenceDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void The_papers_network_has_46_million_parameters()
    {
        using CpuDevice device = new();
        using WideResNet network = new(new Initializer(device, 1, 0), 3, 10, InputTransform.None);
        Assert.That(network.ParameterCount, Is.EqualTo(45_901_914));
        Assert.That(network.RunningStatistics.Sum(statistic => statistic.Value.Length), Is.EqualTo(22_432));
        Assert.That(network.Parameters.Count(parameter => parameter.Decays), Is.EqualTo(32), "31 convolutions and the linear layer");
    }

    [Test]
    public void Parameters_are_named_by_stage_and_unit()
    {
        using WideResNet network = new(new Initializer(_device, 1, 0), 3, 10, InputTransform.None, width: 2, unitsPerStage: 1);
        Assert.That(network.Parameters.Select(parameter => $"{parameter.Name} {parameter.Value.Shape}"), Is.EqualTo(new[]
        {
            "conv.weight [3, 3, 3, 16]",
            "stage1.unit1.norm1.gamma [16]", "stage1.unit1.norm1.beta [16]", "stage1.unit1.conv1.weight [3, 3, 16, 32]",
            "stage1.unit1.norm2.gamma [32]", "stage1.unit1.norm2.beta [32]", "stage1.unit1.conv2.weight [3, 3, 32, 32]",
            "stage2.unit1.norm1.gamma [32]", "stage2.unit1.norm1.beta [32]", "stage2.unit1.conv1.weight [3, 3, 32, 64]",
            "stage2.unit1.norm2.gamma [64]", "stage2.unit1.norm2.beta [64]", "stage2.unit1.conv2.weight [3, 3, 64, 64]",
            "stage3.unit1.norm1.gamma [64]", "stage3.unit1.norm1.beta [64]", "stage3.unit1.conv1.weight [3, 3, 64, 128]",
            "stage3.unit1.norm2.gamma [128]", "stage3.unit1.norm2.beta [128]", "stage3.unit1.conv2.weight [3, 3, 128, 128]",
            "norm.gamma [128]", "norm.beta [128]", "linear.weight [128, 10]", "linear.bias [10]",
        }));
    }

    [Test]
    public void Logits_are_a_row_a_sample_for_every_resolution_that_halves_twice([Values(4, 12, 32)] int extent)
    {
        using WideResNet network = new(new Initializer(_device, 1, 0), 3, 7, new InputTransform(1, true), width: 1, unitsPerStage: 1);
        using Tensor x = ToyWideResNet.Images(_device, 2, extent);
        using Tape tape = new(_device, recording: false);
        foreach (BatchStatistics statistics in Enum.GetValues<BatchStatistics>())
        {
            Tensor logits = network.Forward(tape, x, statistics);
            Assert.That(logits.Shape, Is.EqualTo(new Shape(2, 7)));
            Assert.That(logits.ToDoubles(), Has.All.Matches<double>(double.IsFinite));
        }
    }

    [Test]
    public void A_resolution_that_does_not_halve_twice_is_refused([Values(30, 31)] int extent)
    {
        using WideResNet network = new(new Initializer(_device, 1, 0), 3, 7, InputTransform.None, width: 1, unitsPerStage: 1);
        using Tensor x = ToyWideResNet.Images(_device, 1, extent);
        using Tape tape = new(_device);
        Assert.That(() => network.Forward(tape, x, BatchStatistics.Train), Throws.ArgumentException.With.Message.Contains($"{extent}×{extent}"));
    }

    [Test]
    public void A_shortcut_means_windows_and_pads_with_channels_of_zeros([Values] bool activatesShortcut)
    {
        ResidualUnit unit = new(new Initializer(_device, 1, 0), "unit", stride: 2, inputs: 2, outputs: 5, activatesShortcut);
        foreach (Parameter weight in unit.Parameters.Where(parameter => parameter.Decays))
        {
            _device.Fill(0, weight.Value.Buffer);
        }
        using Tensor x = Tensor.From(_device, new Shape(1, 2, 2, 2), new double[] { 1, 10, 2, 10, 3, 30, 6, 30 });
        using Tape tape = new(_device, recording: false);
        double[] y = unit.Interpret(new TapeInterpreter(tape, BatchStatistics.Batch), x).ToDoubles();
        double Activated(double value, double mean, double variance)
        {
            double z = (value - mean) / Math.Sqrt(variance + 1e-3);
            return Math.Max(z, 0.1 * z);
        }
        double[] channels = activatesShortcut
            ?
            [
                new double[] { 1, 2, 3, 6 }.Average(value => Activated(value, 3, 3.5)),
                new double[] { 10, 10, 30, 30 }.Average(value => Activated(value, 20, 100)),
            ]
            : [3, 20];
        Assert.That(y, Is.EqualTo(new[] { 0, channels[0], channels[1], 0, 0 }).Within(1e-12));
    }

    [Test]
    public void Gradients_of_order_one_and_two_match_differences()
    {
        using WideResNet network = ToyWideResNet.Classifier(_device);
        Tensor[] leaves = [.. network.Parameters.Select(parameter => parameter.Value)];
        using Tensor x = ToyWideResNet.Images(_device, 2, 8);
        GradientCheckResult result = GradientCheck.Run(_device, tape => network.Forward(tape, x, BatchStatistics.Batch), [.. leaves, x]);
        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(1e-6), result.ToString());
    }

    [Test]
    public void Running_statistics_follow_a_fixed_batch_until_evaluation_gives_the_logits_of_training()
    {
        using WideResNet network = ToyWideResNet.Classifier(_device);
        using Tensor x = ToyWideResNet.Images(_device, 2, 8);
        double[] Logits(BatchStatistics statistics)
        {
            using Tape tape = new(_device, recording: false);
            return network.Forward(tape, x, statistics).ToDoubles();
        }
        double[] batch = Logits(BatchStatistics.Batch);
        double fresh = Distance();
        // Each step leaves 0.9 of the way to the batch's statistics; the logits are about linear in what is left.
        for (int step = 0; step < 150; step++)
        {
            Assert.That(Logits(BatchStatistics.Train), Is.EqualTo(batch), "they are no part of what training computes");
        }
        Assert.That(fresh, Is.GreaterThan(0.1));
        Assert.That(Distance(), Is.LessThan(1e-5 * fresh));

        double Distance() => Logits(BatchStatistics.Running).Zip(batch, (running, own) => Math.Abs(running - own)).Max();
    }

    [Test]
    public void In_evaluation_a_samples_logits_depend_on_no_other_sample_and_change_nothing()
    {
        using WideResNet network = ToyWideResNet.Classifier(_device);
        using Tensor x = ToyWideResNet.Images(_device, 3, 8), last = Tensor.From(_device, new Shape(1, 8, 8, 3), x.ToDoubles().AsSpan(2 * 8 * 8 * 3));
        using Tape tape = new(_device, recording: false);
        network.Forward(tape, x, BatchStatistics.Train);
        double[][] Statistics() => [.. network.RunningStatistics.Select(statistic => statistic.Value.ToDoubles())];
        double[][] before = Statistics();
        double[] together = network.Forward(tape, x, BatchStatistics.Running).ToDoubles();
        double[] alone = network.Forward(tape, last, BatchStatistics.Running).ToDoubles();
        Assert.That(together[^alone.Length..], Is.EqualTo(alone));
        Assert.That(Statistics(), Is.EqualTo(before));
    }

    [Test]
    public void The_discriminator_for_32_by_32_pixels_ends_in_one_pixel()
    {
        using Discriminator discriminator = new(new Initializer(_device, 1, 0), new ImageShape(32, 32, 3), [32, 64, 128, 256, 512]);
        using Tensor x = ToyWideResNet.Images(_device, 2, 32);
        using Tape tape = new(_device, recording: false);
        Assert.That(discriminator.Forward(tape, x, BatchStatistics.Batch).Shape, Is.EqualTo(new Shape(2)));
        Assert.That(discriminator.Parameters.Single(parameter => parameter.Name == "linear.weight").Value.Shape, Is.EqualTo(new Shape(512, 1)));
        Assert.That(discriminator.ParameterCount, Is.EqualTo(2_790_305));
    }
}
