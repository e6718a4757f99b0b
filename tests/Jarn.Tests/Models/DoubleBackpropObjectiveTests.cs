using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>Double backpropagation at toy size, in double precision.</summary>
public sealed class DoubleBackpropObjectiveTests
{
    private const double Lambda = 3;

    private ReferenceDevice _device = null!;

    private static Toy[] Toys => [Toy.Mnist, Toy.WideResNet];

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void Gradients_match_differences([ValueSource(nameof(Toys))] Toy toy)
    {
        using Network classifier = toy.Networks(_device).Classifier;
        using Tensor x = toy.Images(_device), y = toy.Labels(_device);

        GradientCheckResult result = GradientCheck.Run(
            _device, tape => tape.Reshape(DoubleBackpropObjective.Evaluate(tape, classifier, x, y, Lambda).Total, Shape.Scalar),
            [.. classifier.Parameters.Select(parameter => parameter.Value)], orders: 1);

        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(1e-6), result.ToString());
    }

    [Test]
    public void The_penalty_is_the_mean_of_the_samples_own_squared_gradients()
    {
        using Network classifier = Toy.Mnist.Networks(_device).Classifier;
        using Tensor x = Toy.Mnist.Images(_device), y = Toy.Mnist.Labels(_device);
        (int samples, int pixels, int classes) = (x.Shape[0], x.Length / x.Shape[0], y.Shape[1]);
        double loss = 0, squares = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            using Tensor image = Tensor.From(_device, new Shape(1, x.Shape[1], x.Shape[2], 1), x.ToDoubles().AsSpan(sample * pixels, pixels));
            using Tensor label = Tensor.From(_device, new Shape(1, classes), y.ToDoubles().AsSpan(sample * classes, classes));
            using Tape tape = new(_device);
            Tensor crossEntropy = tape.Sum(tape.CrossEntropy(classifier.Forward(tape, image, BatchStatistics.Train), label));
            loss += crossEntropy.ToScalar();
            squares += tape.Gradient(crossEntropy, [image], differentiable: false)[0].ToDoubles().Sum(value => value * value);
        }

        using Tape batch = new(_device);
        DoubleBackpropObjective objective = DoubleBackpropObjective.Evaluate(batch, classifier, x, y, Lambda);

        Assert.That(objective.ClassificationLoss.ToScalar(), Is.EqualTo(loss / samples).Within(1e-12));
        Assert.That(objective.Total.ToScalar(), Is.EqualTo((loss + (Lambda * squares)) / samples).Within(1e-12));
        Assert.That(squares, Is.GreaterThan(1e-3));
    }
}
