using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Peers;

/// <summary>PyTorch as an independent witness of what a model file means: it loads one by docs/checkpoint-format.md alone.</summary>
[Category(TestCategory.Thorough)]
public sealed class ModelFileWitnessTests
{
    private static IEnumerable<TestCaseData> Networks =>
    [
        new TestCaseData(Classifiers.Mnist(new InputTransform(255, true))).SetArgDisplayNames("MNIST, scaled and normalised"),
        new TestCaseData(Classifiers.Mnist().WithActivation(Activation.Softplus)).SetArgDisplayNames("MNIST, softplus"),
        new TestCaseData(Classifiers.WideResNet(2, 14, extent: 16)).SetArgDisplayNames("Wide-ResNet 14-2"),
        new TestCaseData(Classifiers.WideResNet(1, 8, extent: 8).WithActivation(Activation.Silu)).SetArgDisplayNames("Wide-ResNet 8-1, SiLU"),
    ];

    [TestCaseSource(nameof(Networks))]
    public void PyTorch_computes_our_logits_from_a_model_file(ClassifierDescription network)
    {
        string python = Python.With("torch", "PyTorch (Debian: python3-torch)");
        using TemporaryFolder folder = new();
        Classifiers.Save(folder["model.safetensors"], network, "mnist");
        (float[] pixels, float[] logits) = Classifiers.Run(folder["model.safetensors"], images: 3);
        NamedTensor[] batch =
        [
            new("images", [3, network.Image.Height, network.Image.Width, network.Image.Channels], pixels),
            new("logits", [3, network.Classes], logits),
        ];
        SafeTensors.Write(folder["batch.safetensors"], batch, new Dictionary<string, string>());
        (int exitCode, string output) = Python.Execute(
            python, Python.Script("model_logits.py"), folder["model.safetensors"], folder["batch.safetensors"]);
        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
    }
}
