using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>Networks, images and labels small enough to be checked on every device.</summary>
/// <param name="Name">What the tests' names show.</param>
/// <param name="Networks">With the same parameters at every call on the same device.</param>
/// <param name="Images">N×H×W×C.</param>
/// <param name="Labels">N×k, one-hot.</param>
public sealed record Toy(string Name, Func<IDevice, JarnNetworks> Networks, Func<IDevice, Tensor> Images, Func<IDevice, Tensor> Labels)
{
    public static Toy Mnist { get; } = new("MNIST", JarnObjectiveTests.ToyNetworks, JarnObjectiveTests.Images, JarnObjectiveTests.Labels);

    public static Toy WideResNet { get; } = new(
        "Wide-ResNet", ToyWideResNet.Networks, device => ToyWideResNet.Images(device, 2, 8), device => ToyWideResNet.Labels(device, 2));

    public override string ToString() => Name;
}

/// <summary>Wide-ResNets of one unit a stage, off the kinks of their leaky ReLUs.</summary>
public static class ToyWideResNet
{
    private const int Classes = 4;

    public static JarnNetworks Networks(IDevice device)
    {
        Discriminator discriminator = new(new Initializer(device, 1, 1), new ImageShape(8, 8, 3), [2, 3]);
        KeepOffTheKinks(discriminator);
        return new JarnNetworks(Classifier(device), new Adaptor(new Initializer(device, 1, 2), 3), discriminator);
    }

    public static WideResNet Classifier(IDevice device)
    {
        WideResNet classifier = new(new Initializer(device, 1, 0), 3, Classes, InputTransform.None, width: 1, unitsPerStage: 1);
        KeepOffTheKinks(classifier);
        return classifier;
    }

    public static Tensor Images(IDevice device, int samples, int extent)
    {
        Random random = new(5);
        return Tensor.From(
            device, new Shape(samples, extent, extent, 3), [.. Enumerable.Range(0, samples * extent * extent * 3).Select(_ => random.NextSingle())]);
    }

    public static Tensor Labels(IDevice device, int samples) => Tensor.From(
        device, new Shape(samples, Classes), [.. Enumerable.Range(0, samples * Classes).Select(i => i % Classes == i / Classes % Classes ? 1f : 0f)]);

    /// <summary>
    /// β is 6 and −6 in turn, so that every channel is on one side of its leaky ReLU, and both slopes occur: at the kink a difference quotient, or
    /// a rounding error, would decide which slope holds.
    /// </summary>
    public static void KeepOffTheKinks(Network network)
    {
        foreach (Parameter beta in network.Parameters.Where(parameter => parameter.Name.EndsWith("beta", StringComparison.Ordinal)))
        {
            beta.Value.Buffer.Device.Upload(
                [.. Enumerable.Range(0, beta.Value.Length).Select(channel => channel % 2 == 0 ? 6f : -6f)], beta.Value.Buffer);
        }
    }
}
