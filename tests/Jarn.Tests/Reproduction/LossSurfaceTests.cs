using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Tests.Reproduction;

public sealed class LossSurfaceTests
{
    private static readonly RandomKey Key = new(3, 5);

    [Test]
    public void The_directions_are_orthogonal_and_as_long_as_signs_of_every_pixel()
    {
        float[] gradient = [.. Enumerable.Range(0, 784).Select(i => (i % 5) - 2f)];
        (float[] adversarial, float[] random) = LossSurface.Directions(gradient, Key);
        Assert.That(adversarial, Is.EqualTo(gradient.Select(value => (float)Math.Sign(value))));
        Assert.That(Product(adversarial, random), Is.EqualTo(0).Within(1e-3));
        Assert.That(Product(random, random), Is.EqualTo(784).Within(1e-2));
        Assert.That(LossSurface.Directions(gradient, Key).Random, Is.EqualTo(random));
        Assert.That(LossSurface.Directions(gradient, Key with { Stream = 6 }).Random, Is.Not.EqualTo(random));
    }

    [Test]
    public void Without_a_gradient_there_is_no_adversarial_direction()
    {
        (float[] adversarial, float[] random) = LossSurface.Directions(new float[100], Key);
        Assert.That(adversarial, Is.All.Zero);
        Assert.That(random.Select(Math.Abs), Is.All.EqualTo(1));
    }

    [Test]
    public void The_surface_holds_the_loss_of_the_images_in_its_middle_and_that_of_FGSM_one_step_up()
    {
        using CpuDevice device = new(threads: 1);
        using MnistCnn classifier = new(new Initializer(device, 1, 0), 10, InputTransform.None, [4, 4, 4]);
        using ImageProbe probe = new(device, DigitSketch.StandIn.Test(40));
        Assert.That(probe.Indices.Select(index => (int)probe.Source.Labels[index]), Is.EqualTo(Enumerable.Range(0, 10)));
        double[,] surface = LossSurface.Compute(device, classifier, probe, reach: 0.2, seed: 0);

        float[] gradient = probe.Gradient(classifier);
        int middle = LossSurface.Resolution / 2;
        Assert.That(surface[middle, middle], Is.EqualTo(Loss(0)).Within(1e-6));
        Assert.That(surface[middle + (middle / 2), middle], Is.EqualTo(Loss(0.1f)).Within(1e-6));
        Assert.That(surface[LossSurface.Resolution - 1, middle], Is.EqualTo(Loss(0.2f)).Within(1e-6).And.GreaterThan(Loss(0)));
        Assert.That(LossSurface.Places(0.2)[middle], Is.Zero);

        double Loss(float size)
        {
            using Tensor x = Tensor.From(
                device, probe.Images.Shape, [.. probe.Values.Zip(gradient, (pixel, slope) => pixel + (size * Math.Sign(slope)))]);
            using Tape tape = new(device, recording: false);
            return tape.Mean(tape.CrossEntropy(classifier.Forward(tape, x, BatchStatistics.Running), probe.Labels)).ToScalar();
        }
    }

    private static double Product(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
