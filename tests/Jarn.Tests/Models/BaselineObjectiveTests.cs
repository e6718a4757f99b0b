using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>TRADES and Jacobian regularization at toy size, in double precision.</summary>
public sealed class BaselineObjectiveTests
{
    private const double Weight = 3;

    private ReferenceDevice _device = null!;

    private static Toy[] Toys => [Toy.Mnist, Toy.WideResNet];

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void Gradients_of_TRADES_match_differences([ValueSource(nameof(Toys))] Toy toy)
    {
        using Tensor x = toy.Images(_device), y = toy.Labels(_device), perturbed = Near(x, 0.1);
        AssertGradients(toy, (tape, classifier) => TradesObjective.Evaluate(tape, classifier, x, perturbed, y, Weight).Total);
    }

    [Test]
    public void Gradients_of_Jacobian_regularization_match_differences([ValueSource(nameof(Toys))] Toy toy)
    {
        using Tensor x = toy.Images(_device), y = toy.Labels(_device), directions = Noise(y.Shape);
        AssertGradients(toy, (tape, classifier) => JacobianRegularizationObjective.Evaluate(tape, classifier, x, y, directions, Weight).Total);
    }

    [Test]
    public void TRADES_adds_the_divergence_of_the_predictions_to_the_mean_cross_entropy()
    {
        using Network classifier = Toy.Mnist.Networks(_device).Classifier;
        using Tensor x = Toy.Mnist.Images(_device), y = Toy.Mnist.Labels(_device), perturbed = Near(x, 4);
        using Tape tape = new(_device);
        (int samples, int classes) = (y.Shape[0], y.Shape[1]);
        double[] p = Probabilities(x), q = Probabilities(perturbed), labels = y.ToDoubles();
        double divergence = p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum() / samples;
        double crossEntropy = labels.Zip(p, (label, a) => -label * Math.Log(a)).Sum() / samples;

        TradesObjective objective = TradesObjective.Evaluate(tape, classifier, x, perturbed, y, Weight);

        Assert.That(objective.ClassificationLoss.ToScalar(), Is.EqualTo(crossEntropy).Within(1e-12));
        Assert.That(objective.Total.ToScalar(), Is.EqualTo(crossEntropy + (Weight * divergence)).Within(1e-12));
        Assert.That(divergence, Is.GreaterThan(1e-5));

        double[] Probabilities(Tensor images) => tape.Softmax(classifier.Forward(tape, images, BatchStatistics.Train)).ToDoubles();
    }

    /// <summary>Over an orthogonal basis of directions the mean of the estimates is the norm itself.</summary>
    [Test]
    public void One_projection_estimates_the_Jacobians_squared_norm_without_bias()
    {
        using Network classifier = Toy.Mnist.Networks(_device).Classifier;
        using Tensor x = Toy.Mnist.Images(_device), y = Toy.Mnist.Labels(_device);
        (int samples, int classes) = (y.Shape[0], y.Shape[1]);
        double squares = 0, penalties = 0;
        for (int row = 0; row < classes; row++)
        {
            using Tensor direction = Tensor.From(_device, y.Shape, [.. Enumerable.Range(0, y.Length).Select(i => i % classes == row ? 5.0 : 0)]);
            using Tape tape = new(_device);
            Tensor logits = tape.Sum(tape.Multiply(classifier.Forward(tape, x, BatchStatistics.Train), direction));
            squares += tape.Gradient(logits, [x], differentiable: false)[0].ToDoubles().Sum(value => value * value) / 25;
            using Tape other = new(_device);
            JacobianRegularizationObjective objective = JacobianRegularizationObjective.Evaluate(other, classifier, x, y, direction, Weight);
            penalties += objective.Total.ToScalar() - objective.ClassificationLoss.ToScalar();
        }
        Assert.That(penalties / classes, Is.EqualTo(Weight / 2 * squares / samples).Within(1e-9 * squares));
        Assert.That(squares, Is.GreaterThan(1e-3));
    }

    [Test]
    public void The_attack_of_TRADES_raises_the_divergence_within_the_ball_from_a_start_where_it_is_nearly_zero()
    {
        using CpuDevice device = new(threads: 1);
        using Network classifier = Toy.Mnist.Networks(device).Classifier;
        using Tensor x = Toy.Mnist.Images(device), y = Toy.Mnist.Labels(device), perturbed = new(device, x.Shape);
        using Tape tape = new(device, recording: false);
        Tensor probabilities = tape.Softmax(classifier.Forward(tape, x, BatchStatistics.Running));
        double[] divergences = [.. new[] { 1, 4, 16 }.Select(iterations =>
        {
            new DivergenceAttack(ThreatModel.LInf(0.1), 0.02, iterations).Run(classifier, x, probabilities, new RandomKey(1, 1), perturbed);
            Assert.That(perturbed.ToArray(), Has.All.InRange(0f, 1f));
            Assert.That(perturbed.ToArray().Zip(x.ToArray(), (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(0.1f + 1e-6f));
            Tensor logits = classifier.Forward(tape, x, BatchStatistics.Running);
            Tensor others = classifier.Forward(tape, perturbed, BatchStatistics.Running);
            return tape.Mean(tape.KullbackLeibler(logits, others, y)).ToScalar();
        })];
        Assert.That(divergences, Is.Ordered.Ascending);
        Assert.That(divergences[^1], Is.GreaterThan(4 * divergences[0]));
    }

    private void AssertGradients(Toy toy, Func<Tape, Network, Tensor> total)
    {
        using Network classifier = toy.Networks(_device).Classifier;
        GradientCheckResult result = GradientCheck.Run(
            _device, tape => tape.Reshape(total(tape, classifier), Shape.Scalar),
            [.. classifier.Parameters.Select(parameter => parameter.Value)], orders: 1);
        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(1e-6), result.ToString());
    }

    private Tensor Near(Tensor x, double distance)
    {
        Random random = new(2);
        return Tensor.From(_device, x.Shape, [.. x.ToDoubles().Select(value => value + (distance * (random.NextDouble() - 0.5)))]);
    }

    private Tensor Noise(Shape shape)
    {
        Random random = new(3);
        return Tensor.From(_device, shape, [.. Enumerable.Range(0, shape.Length).Select(_ => random.NextDouble() - 0.5)]);
    }
}
