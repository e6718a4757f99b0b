using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class ActivationTests
{
    [TestCase(Activation.None, 1.5, -0.7)]
    [TestCase(Activation.LeakyRelu, 1.5, -0.07)]
    [TestCase(Activation.Relu, 1.5, 0)]
    [TestCase(Activation.Silu, 1.22636171, -0.23226856)]
    [TestCase(Activation.Softplus, 1.5000000306, 9.114665e-5)]
    [TestCase(Activation.Tanh, 0.9051483, -0.6043678)]
    public void An_activation_is_what_it_is_called_alone_and_behind_a_bias(Activation activation, double ofPositive, double ofNegative)
    {
        using ReferenceDevice device = new();
        using Tensor x = Tensor.From(device, new Shape(1, 2), new[] { 1.5, -0.7 });
        using Tensor shifted = Tensor.From(device, new Shape(1, 2), new[] { 1.0, 1.0 });
        using Tensor bias = Tensor.From(device, new Shape(2), new[] { 0.5, -1.7 });
        using Tape tape = new(device, recording: false);
        double[] expected = [ofPositive, ofNegative];
        Assert.That(tape.Activate(x, activation).ToDoubles(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(tape.ActivationOfSum(shifted, bias, activation).ToDoubles(), Is.EqualTo(expected).Within(1e-6));
    }

    /// <summary>
    /// Through the pixels' gradient, with each kind of statistics that has a path of its own; where running ones normalise nothing, nothing keeps a
    /// ReLU off its kink.
    /// </summary>
    [TestCase(Activation.LeakyRelu, false, BatchStatistics.Running)]
    [TestCase(Activation.Relu, true, BatchStatistics.Batch)]
    [TestCase(Activation.Silu, false, BatchStatistics.Running)]
    [TestCase(Activation.Silu, true, BatchStatistics.Batch)]
    [TestCase(Activation.Silu, true, BatchStatistics.Running)]
    [TestCase(Activation.Softplus, false, BatchStatistics.Running)]
    [TestCase(Activation.Softplus, true, BatchStatistics.Batch)]
    public void A_network_with_any_activation_is_differentiated_twice(Activation activation, bool residual, BatchStatistics statistics)
    {
        using ReferenceDevice device = new();
        Toy toy = residual ? Toy.WideResNet : Toy.Mnist;
        using Tensor x = toy.Images(device), y = toy.Labels(device);
        Initializer initializer = new(device, 1, 0);
        using Network classifier = residual
            ? new WideResNet(initializer, 3, y.Shape[1], InputTransform.None, width: 1, unitsPerStage: 1, activation)
            : new MnistCnn(initializer, y.Shape[1], InputTransform.None, [2, 3, 4], activation);
        if (activation.Slope() is not null)
        {
            ToyWideResNet.KeepOffTheKinks(classifier);
        }
        GradientCheckResult result = GradientCheck.Run(
            device, tape => tape.Reshape(DoubleBackpropObjective.Evaluate(tape, classifier, x, y, 3, statistics).Total, Shape.Scalar),
            [.. classifier.Parameters.Select(parameter => parameter.Value)], orders: 1);
        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(1e-6), result.ToString());
    }

    [Test]
    public void A_Wide_ResNets_leaky_ReLU_takes_no_pass_of_its_own_and_a_curved_activation_one()
    {
        Assert.That(Operations(Activation.LeakyRelu), Has.None.EqualTo(typeof(Map<LeakyRelu>)).And.None.EqualTo(typeof(Map<Silu>)));
        Assert.That(Operations(Activation.Silu).Count(type => type == typeof(Map<Silu>)), Is.EqualTo(7));

        static Type[] Operations(Activation activation)
        {
            using CpuDevice device = new(threads: 1);
            using WideResNet network = new(new Initializer(device, 1, 0), 3, 4, InputTransform.None, width: 1, unitsPerStage: 1, activation);
            using Tensor x = ToyWideResNet.Images(device, 2, 8);
            using Tape tape = new(device);
            network.Forward(tape, x, BatchStatistics.Batch);
            return [.. tape.Nodes.Select(node => node.Op.GetType())];
        }
    }
}
