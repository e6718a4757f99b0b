using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Tests.Export;
using Microsoft.ML.OnnxRuntime;

namespace Jarn.Tests.Models;

/// <summary>ONNX Runtime computes from our files what we compute.</summary>
public sealed class OnnxModelTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    private CpuDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new CpuDevice(threads: 1, winograd: false);

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    /// <summary>A network by name, and the shape of its images.</summary>
    public sealed record Case(string Name, ImageShape Image, Func<IDevice, Network> Build)
    {
        public override string ToString() => Name;
    }

    private static IEnumerable<Case> Networks()
    {
        yield return Classifier("MNIST", Classifiers.Mnist());
        yield return Classifier("MNIST, scaled and normalised", Classifiers.Mnist(new InputTransform(255, true)));
        yield return Classifier("Wide-ResNet 8-1", Classifiers.WideResNet(1, 8));
        yield return Classifier("Wide-ResNet 8-1, scaled", Classifiers.WideResNet(1, 8, extent: 12, new InputTransform(255, false)));
        yield return Classifier("Wide-ResNet 14-3, normalised", Classifiers.WideResNet(3, 14, extent: 16, new InputTransform(1, true)));
        yield return Classifier("Wide-ResNet 32-2", Classifiers.WideResNet(2, 32, extent: 16));
        foreach (Activation activation in Activations.OfClassifiers)
        {
            yield return Classifier($"MNIST, {activation}", Classifiers.Mnist().WithActivation(activation));
            yield return Classifier($"Wide-ResNet 8-1, {activation}", Classifiers.WideResNet(1, 8, extent: 8).WithActivation(activation));
        }
        // The shape of an MNIST discriminator: it flattens 7×7 pixels, where the order of channels and pixels counts.
        yield return new Case("discriminator", new ImageShape(28, 28, 1), device =>
        {
            Discriminator discriminator = new(new Initializer(device, 1, 0), new ImageShape(28, 28, 1), [8, 16]);
            Classifiers.Disturb(discriminator);
            return discriminator;
        });

        static Case Classifier(string name, ClassifierDescription description) =>
            new(name, description.Image, device => Classifiers.Build(description, device));
    }

    [TestCaseSource(nameof(Networks))]
    public void ONNX_Runtime_agrees_for_both_layouts_any_batch_and_a_fixed_one(Case network)
    {
        using Network built = network.Build(_device);
        OnnxInterface[] shapes = [new(ImageLayout.Nchw, null, false), new(ImageLayout.Nhwc, null, false), new(ImageLayout.Nhwc, 2, false)];
        foreach (OnnxInterface shape in shapes)
        {
            byte[] model = OnnxModel.Encode(built, network.Image, shape, NoMetadata);
            OnnxComparison comparison = OnnxComparison.Of(model, built, _device, network.Image, shape);
            TestContext.Out.WriteLine($"{network}, {shape}: {comparison}");
            Assert.That(comparison.Agrees, Is.True, comparison.ToString());
        }
    }

    [Test]
    public void A_changed_parameter_is_noticed_whichever_it_is()
    {
        ClassifierDescription description = Classifiers.WideResNet(1, 8, extent: 16);
        using Network network = Classifiers.Build(description, _device), other = Classifiers.Build(description, _device);
        OnnxInterface shape = new(ImageLayout.Nchw, null, false);
        byte[] model = OnnxModel.Encode(network, description.Image, shape, NoMetadata);
        Assert.That(Compare().Agrees, Is.True);
        string[] names =
        [
            "stage1.unit1.norm1.running_mean", "stage2.unit1.norm2.running_variance", "linear.bias", "conv.weight", "norm.beta",
        ];
        foreach (string name in names)
        {
            Tensor value = other.State.Single(parameter => parameter.Name == name).Value;
            float[] right = value.ToArray(), wrong = [.. right];
            wrong[^1] += 0.05f;
            _device.Upload(wrong, value.Buffer);
            Assert.That(Compare().Agrees, Is.False, name);
            _device.Upload(right, value.Buffer);
        }
        _device.Upload([float.NaN, .. new float[9]], other.State.Single(parameter => parameter.Name == "linear.bias").Value.Buffer);
        Assert.That(Compare, Throws.TypeOf<NonFiniteLogitsException>().With.Property("Count").EqualTo(4), "NaN agrees with nothing");

        OnnxComparison Compare() => OnnxComparison.Of(model, other, _device, description.Image, shape);
    }

    [Test]
    public void The_model_says_what_it_takes_and_gives([Values] ImageLayout layout, [Values(null, 3)] int? batch, [Values] bool softmax)
    {
        ClassifierDescription description = Classifiers.WideResNet(1, 8, extent: 8);
        using Network network = Classifiers.Build(description, _device);
        OnnxInterface shape = new(layout, batch, softmax);
        byte[] model = OnnxModel.Encode(network, description.Image, shape, new Dictionary<string, string> { ["dataset"] = "cifar10" });
        Assert.That(OnnxComparison.Of(model, network, _device, description.Image, shape).Agrees, Is.True);
        using InferenceSession session = new(model);
        Assert.That(session.InputMetadata.Keys, Is.EqualTo(new[] { "images" }));
        Assert.That(session.InputMetadata["images"].Dimensions,
            Is.EqualTo(layout == ImageLayout.Nchw ? new[] { batch ?? -1, 3, 8, 8 } : [batch ?? -1, 8, 8, 3]));
        Assert.That(session.OutputMetadata.Keys, Is.EqualTo(new[] { softmax ? "probabilities" : "logits" }));
        Assert.That(session.OutputMetadata.Values.Single().Dimensions, Is.EqualTo(new[] { batch ?? -1, 10 }));
        Assert.That(session.ModelMetadata.CustomMetadataMap, Is.EqualTo(new Dictionary<string, string> { ["dataset"] = "cifar10" }));
        Assert.That((session.ModelMetadata.ProducerName, session.ModelMetadata.GraphName), Is.EqualTo(("jarn", "WideResNet")));
    }

    [Test]
    public void Weights_that_no_Protobuf_message_holds_are_refused_before_they_are_encoded()
    {
        Assert.That(() => OnnxModel.RequireRoom(1L << 31), Throws.TypeOf<OnnxException>().With.Message.Contains("too large for an ONNX file"));
        Assert.That(() => OnnxModel.RequireRoom(2_000_000_000), Throws.Nothing);
    }
}
