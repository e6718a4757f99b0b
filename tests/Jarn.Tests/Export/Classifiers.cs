using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Tests.Export;

/// <summary>Networks as training leaves them: no parameter is at the value that it begins with, so that none can be left out unnoticed.</summary>
internal static class Classifiers
{
    public static ClassifierDescription Mnist(InputTransform? input = null) =>
        ClassifierDescription.Mnist with { Input = input ?? InputTransform.None };

    public static ClassifierDescription WideResNet(int width, int depth, int extent = 32, InputTransform? input = null) =>
        new(new WideResNetSettings { Width = width, Depth = depth }, new ImageShape(extent, extent, 3), 10, input ?? InputTransform.None);

    /// <summary>The same with another activation.</summary>
    public static ClassifierDescription WithActivation(this ClassifierDescription description, Activation? activation) => description with
    {
        Network = (NetworkSettings)description.Network.With(new Dictionary<string, object?> { ["activation"] = activation }),
    };

    public static Network Build(ClassifierDescription description, IDevice device)
    {
        Network network = description.Build(new Initializer(device, 7, 0));
        Disturb(network);
        return network;
    }

    /// <summary>Writes a model file.</summary>
    public static void Save(string path, ClassifierDescription description, string dataset)
    {
        using CpuDevice device = new(threads: 1);
        using Network network = Build(description, device);
        ModelFile.Write(path, network, new ModelOrigin(description, dataset, "jarn", 0.3));
    }

    /// <summary>The logits of a model file for noise, N images.</summary>
    public static (float[] Pixels, float[] Logits) Run(string path, int images)
    {
        using CpuDevice device = new(threads: 1, winograd: false);
        (Network read, ModelOrigin origin) = ModelFile.Read(path, device);
        using Network network = read;
        ImageShape image = origin.Description.Image;
        Random random = new(3);
        float[] pixels = [.. Enumerable.Range(0, images * image.Pixels).Select(_ => random.NextSingle())];
        using Tensor x = Tensor.From(device, new Shape(images, image.Height, image.Width, image.Channels), pixels);
        using Tape tape = new(device, recording: false);
        return (pixels, network.Forward(tape, x, BatchStatistics.Running).ToArray());
    }

    /// <summary>What a command that must succeed prints.</summary>
    public static string RunForOutput(params string[] arguments) =>
        TestConsole.Output(() => Assert.That(CommandLineInterface.Run(arguments), Is.Zero));

    /// <summary>Moves biases, γ, β and the running statistics away from 0 and 1; variances stay positive.</summary>
    public static void Disturb(Network network)
    {
        Random random = new(11);
        foreach (Parameter parameter in network.State.Where(parameter => !parameter.Decays))
        {
            float[] values = parameter.Value.ToArray();
            parameter.Value.Buffer.Device.Upload([.. values.Select(value => value + (0.5f * random.NextSingle()))], parameter.Value.Buffer);
        }
    }
}
