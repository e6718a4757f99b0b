using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Tests.Kernels;

namespace Jarn.Tests.Models;

/// <summary>A JARN step on each device beside the same step in double precision.</summary>
public sealed class WholeStepTests(TestDevice device) : DeviceFixture(device)
{
    /// <summary>Of float32 over the step's chain of some thirty operations, with the reciprocal of a Jacobian's norm among them.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>What is less in double precision is nothing but its rounding errors.</summary>
    private const double Zero = 1e-12;

    private static Toy[] Toys => [Toy.Mnist, Toy.WideResNet];

    [Test]
    public void Losses_Jacobian_and_all_gradients_are_the_references([ValueSource(nameof(Toys))] Toy toy)
    {
        using ReferenceDevice reference = new();
        double[][] expected = Step(reference, toy, null);
        double[][] actual = Step(Device.First, toy, toy.Networks(reference));
        for (int i = 0; i < expected.Length; i++)
        {
            // The gradient of a bias before batch norm is zero, a sum whose rounding errors are of the size of its filter's, which stands before it.
            double scale = expected[i].Max(Math.Abs);
            scale = scale < Zero ? expected[i - 1].Max(Math.Abs) : scale;
            Assert.That(actual[i].Zip(expected[i], (a, e) => Math.Abs(a - e)).Max() / scale, Is.LessThan(Tolerance), $"output {i}");
        }
    }

    private static double[][] Step(IDevice device, Toy toy, JarnNetworks? source)
    {
        JarnNetworks networks = toy.Networks(device);
        Parameter[] parameters = [.. JarnObjectiveTests.AllParameters(networks)];
        if (source is not null)
        {
            foreach ((Parameter to, Parameter from) in parameters.Zip(JarnObjectiveTests.AllParameters(source)))
            {
                device.Upload(from.Value.ToDoubles(), to.Value.Buffer);
            }
        }
        using Tensor x = toy.Images(device), y = toy.Labels(device);
        int lent = device.Memory.LentBuffers;
        double[][] results;
        using (Tape tape = new(device))
        {
            JarnObjective objective = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(1));
            double[] losses = [objective.ClassificationLoss.ToScalar(), objective.AdversarialLoss.ToScalar()];
            double[] jacobian = objective.Jacobian.ToDoubles();
            Tensor[] gradients = tape.Gradient(objective.Total, [.. parameters.Select(parameter => parameter.Value)], differentiable: false);
            results = [losses, jacobian, .. gradients.Select(gradient => gradient.ToDoubles())];
        }
        Assert.That(device.Memory.LentBuffers, Is.EqualTo(lent), "the tape gives back what it took");
        networks.Classifier.Dispose();
        networks.Adaptor.Dispose();
        networks.Discriminator.Dispose();
        return results;
    }
}
