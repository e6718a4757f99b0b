using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Tests.Kernels;

namespace Jarn.Tests.Models;

/// <summary>
/// A captured JARN step gives the bits of one on a tape, on each device (the emulator has a smaller case) and each number of threads.
/// </summary>
public sealed class CapturedStepTests(TestDevice device) : FastDeviceFixture(device)
{
    [Test]
    public void Losses_gradients_and_running_statistics_have_the_same_bits()
    {
        double[][] expected = Steps(Device.First, captured: false);
        foreach (IDevice instance in Device.Instances)
        {
            Assert.That(Steps(instance, captured: true), Is.EqualTo(expected));
        }
    }

    /// <summary>Two steps on different images, and the discriminator's running statistics after them.</summary>
    private static double[][] Steps(IDevice device, bool captured)
    {
        JarnNetworks networks = JarnObjectiveTests.ToyNetworks(device);
        Tensor[] parameters = [.. JarnObjectiveTests.AllParameters(networks).Select(parameter => parameter.Value)];
        Tensor[] Function(Tape tape, IReadOnlyList<Tensor> inputs)
        {
            JarnObjective objective = JarnObjective.Evaluate(tape, networks, inputs[0], inputs[1], new JarnOptions(1));
            tape.Keep(objective.AdversarialLoss);
            return [objective.AdversarialLoss, .. tape.Gradient(objective.Total, parameters, differentiable: false)];
        }
        CapturedFunction<CapturedTensors> function = new(
            device, (tape, inputs) => new CapturedTensors(Function(tape, inputs)),
            _ => networks.Discriminator.RunningStatistics.Select(statistic => statistic.Value));
        using Tensor x = JarnObjectiveTests.Images(device), y = JarnObjectiveTests.Labels(device);
        List<double[]> results = [];
        for (int step = 0; step < 2; step++)
        {
            using Tape tape = new(device);
            Tensor[] outputs = captured ? function.Run(x, y).Values : Function(tape, [x, y]);
            foreach (Tensor output in outputs)
            {
                results.Add(output.ToDoubles());
            }
            device.Map(new Square(), x.Buffer, x.Buffer);
        }
        function.Release();
        results.AddRange(networks.Discriminator.RunningStatistics.Select(statistic => statistic.Value.ToDoubles()));
        networks.Classifier.Dispose();
        networks.Adaptor.Dispose();
        networks.Discriminator.Dispose();
        return [.. results];
    }
}
