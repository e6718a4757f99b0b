using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Kernels;

public sealed class FinitenessDeviceTests
{
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void The_first_result_that_is_no_number_is_named_and_those_after_it_are_not(double value)
    {
        using CpuDevice inner = new(threads: 1);
        FinitenessDevice device = new(inner);
        using DeviceBuffer weight = device.Allocate(4), x = device.Allocate(4), y = device.Allocate(4), z = device.Allocate(4);
        device.Name(weight, "layer.weight");
        device.Fill(2, weight);
        device.Map(new Square(), weight, x);
        Assert.That(device.First, Is.Null);
        device.Map(new Scale(value), x, y);
        device.Map(new Square(), y, z);
        Assert.That(device.First, Is.EqualTo(new NonFiniteResult("Map Scale", "what came of layer.weight")));
    }

    [Test]
    public void A_parameter_and_its_gradient_are_named_as_such()
    {
        using CpuDevice inner = new(threads: 1);
        FinitenessDevice Device(out DeviceBuffer gradient, out DeviceBuffer parameter, out DeviceBuffer velocity)
        {
            FinitenessDevice device = new(inner);
            (gradient, parameter, velocity) = (device.Allocate(4), device.Allocate(4), device.Allocate(4));
            device.Name(parameter, "weight");
            device.Name(velocity, "weight.velocity");
            device.Fill(1, parameter);
            device.Fill(0, velocity);
            return device;
        }
        FinitenessDevice device = Device(out DeviceBuffer gradient, out DeviceBuffer parameter, out DeviceBuffer velocity);
        device.Fill(double.NaN, gradient);
        device.SgdMomentum(new SgdMomentumStep(0.1, 0.9, 0), gradient, parameter, velocity);
        Assert.That(device.First, Is.EqualTo(new NonFiniteResult("Fill", "the gradient of weight")));

        device = Device(out gradient, out parameter, out velocity);
        device.Fill(1e30, gradient);
        device.SgdMomentum(new SgdMomentumStep(1e30, 0.9, 0), gradient, parameter, velocity);
        Assert.That(device.First, Is.EqualTo(new NonFiniteResult("SgdMomentum", "weight")));
    }

    [Test]
    public void What_lies_around_a_placed_window_does_not_count()
    {
        using CpuDevice inner = new(threads: 1);
        FinitenessDevice device = new(inner);
        using DeviceBuffer x = device.Allocate(1), y = device.Allocate(2);
        device.Fill(1, x);
        inner.Fill(double.NaN, y);
        device.Place(x, new WindowGeometry(1, 2, 1, 0, 1), y);
        Assert.That(device.First, Is.Null);
    }

    [TestCaseSource(typeof(TestMethods), nameof(TestMethods.Names))]
    public void A_healthy_step_has_no_infinite_intermediate_and_the_same_bits(string name)
    {
        using CpuDevice device = new();
        FinitenessDevice watched = new(device);
        Assert.That(Weights(watched), Is.EqualTo(Weights(device)));
        Assert.That(watched.First, Is.Null);

        float[] Weights(IDevice stepDevice)
        {
            ImageSet images = DigitSketch.Train(8);
            TrainingConfiguration configuration = new TrainOptions { Method = name, Settings = { ["jarn-from"] = 0.0 } }.Resolve(DeviceKind.Cpu);
            using MnistCnn classifier = new(new Initializer(device, 0, 0), images.ClassCount, InputTransform.None);
            using TrainingMethod method = MethodDefinition.Create(
                new MethodContext(configuration.Recipe, configuration.Seed, stepDevice, classifier, images.Shape));
            using BatchLoader loader = new(stepDevice, images, images.Count, [[.. Enumerable.Range(0, images.Count)]]);
            method.Step(loader.Next(), new StepPosition(0, 1), readLosses: true);
            return classifier.Parameters[0].Value.ToArray();
        }
    }
}
