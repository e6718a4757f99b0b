using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Models;

namespace Jarn.Tests.Peers;

/// <summary>PyTorch's autograd as an independent witness of one JARN step of the paper's networks, batch norm in train mode.</summary>
[Category(TestCategory.Thorough)]
public sealed class TorchWitnessTests
{
    private const int Samples = 16, Classes = 10;
    private const double LambdaAdversarial = 2;

    /// <summary>
    /// The networks for images of Extent² pixels with Channels channels. At a leaky ReLU's kink a rounding error of float32 decides which slope
    /// holds: the Wide-ResNet is held against PyTorch as the CPU computes it off the kinks, and in double precision with signs as they come.
    /// </summary>
    public sealed record Case(
        string Name, int Extent, int Channels, Func<Initializer, Network> Classifier, int[] DiscriminatorWidths, bool InDouble = false)
    {
        public IDevice OpenDevice() => InDouble ? new ReferenceDevice() : new CpuDevice();

        public override string ToString() => Name;
    }

    private static Case[] Cases =>
    [
        new("MNIST", 28, 1, initializer => new MnistCnn(initializer, Classes, InputTransform.None), [64, 128]),
        new("Wide-ResNet", 16, 3, initializer => new WideResNet(initializer, 3, Classes, InputTransform.None, width: 2, unitsPerStage: 2),
            [8, 16, 24, 32]),
        new(
            "Wide-ResNet in double precision", 8, 3,
            initializer => new WideResNet(initializer, 3, Classes, InputTransform.None, width: 1, unitsPerStage: 1), [4, 6, 8], InDouble: true),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Losses_Jacobian_and_all_gradients_agree_with_PyTorch(Case networks)
    {
        string python = Python.With("torch", "PyTorch (Debian: python3-torch)");
        string file = Path.Combine(Path.GetTempPath(), $"jarn-step-{Guid.NewGuid():N}.safetensors");
        try
        {
            WriteStep(file, networks);
            (int exitCode, string output) = Python.Execute(python, Python.Script("jarn_step.py"), file);
            TestContext.Out.WriteLine(output);
            Assert.That(exitCode, Is.Zero, output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void WriteStep(string file, Case description)
    {
        using IDevice device = description.OpenDevice();
        (int extent, int channels) = (description.Extent, description.Channels);
        JarnNetworks networks = new(
            description.Classifier(new Initializer(device, 3, 0)),
            new Adaptor(new Initializer(device, 3, 1), channels),
            new Discriminator(new Initializer(device, 3, 2), new ImageShape(extent, extent, channels), description.DiscriminatorWidths));
        // The discriminator's normalisation undoes a scale, so in tanh's linear range the adaptor's gradient is cancellation. Away from it it is not.
        device.Upload([.. Enumerable.Range(0, channels * channels).Select(i => i % (channels + 1) == 0 ? 30f : i)],
            networks.Adaptor.Parameters[0].Value.Buffer);
        if (networks.Classifier is WideResNet && !description.InDouble)
        {
            ToyWideResNet.KeepOffTheKinks(networks.Classifier);
            ToyWideResNet.KeepOffTheKinks(networks.Discriminator);
        }
        Random random = new(4);
        using Tensor x = Tensor.From(
            device, new Shape(Samples, extent, extent, channels),
            [.. Enumerable.Range(0, Samples * extent * extent * channels).Select(_ => random.NextSingle())]);
        using Tensor y = Tensor.From(device, new Shape(Samples, Classes),
            [.. Enumerable.Range(0, Samples * Classes).Select(i => i % Classes == i / Classes % Classes ? 1f : 0f)]);
        (string Name, Tensor Value)[] parameters =
        [
            .. networks.Classifier.Parameters.Select(parameter => ($"classifier.{parameter.Name}", parameter.Value)),
            .. networks.Adaptor.Parameters.Select(parameter => ($"adaptor.{parameter.Name}", parameter.Value)),
            .. networks.Discriminator.Parameters.Select(parameter => ($"discriminator.{parameter.Name}", parameter.Value)),
        ];
        foreach ((string _, Tensor value) in parameters)
        {
            // The file holds float32.
            device.Upload(value.ToArray(), value.Buffer);
        }
        using Tape tape = new(device);
        JarnObjective objective = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(LambdaAdversarial));
        tape.Keep(objective.ClassificationLoss);
        tape.Keep(objective.AdversarialLoss);
        tape.Keep(objective.Jacobian);
        Tensor[] gradients = tape.Gradient(objective.Total, [.. parameters.Select(parameter => parameter.Value)], differentiable: false);
        SafeTensors.Write(
            file,
            [
                Named("input.images", x), Named("input.labels", y), Named("jacobian", objective.Jacobian),
                Named("loss.classification", objective.ClassificationLoss), Named("loss.adversarial", objective.AdversarialLoss),
                .. parameters.Select(parameter => Named($"parameter.{parameter.Name}", parameter.Value)),
                .. parameters.Zip(gradients, (parameter, gradient) => Named($"gradient.{parameter.Name}", gradient)),
            ],
            new Dictionary<string, string> { ["lambda_adversarial"] = $"{LambdaAdversarial}" });
    }

    private static NamedTensor Named(string name, Tensor tensor) => new(name, tensor.Shape.ToArray(), tensor.ToArray());
}
