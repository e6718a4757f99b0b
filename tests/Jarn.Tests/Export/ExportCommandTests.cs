using System.Text.Json;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;
using Microsoft.ML.OnnxRuntime;

namespace Jarn.Tests.Export;

public sealed class ExportCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SaveModel()
    {
        _folder = new TemporaryFolder();
        Classifiers.Save(_folder["model.safetensors"], Classifiers.Mnist(), "fashion-mnist");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void An_ONNX_file_tells_where_its_classifier_comes_from_and_the_difference_is_printed()
    {
        string output = Classifiers.RunForOutput(
            "export", "--checkpoint", _folder.Path, "--output", _folder["model.onnx"], "--layout", "nhwc", "--batch", "2", "--softmax");
        Assert.That(output, Does.Match(@"model\.onnx: CNN of three convolutions \(stride 5\), 4\.\d MB; checked against ONNX Runtime 1\.31\.1: "
            + @"on 2 images the largest difference is \d\.\de-\d+, with outputs up to 1\n"));
        using InferenceSession session = new(_folder["model.onnx"]);
        Assert.That(session.InputMetadata["images"].Dimensions, Is.EqualTo(new[] { 2, 28, 28, 1 }));
        Assert.That(session.OutputMetadata.Keys, Is.EqualTo(new[] { "probabilities" }));
        Dictionary<string, string> metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.That(metadata.Keys, Is.EquivalentTo(new[] { "dataset", "method", "epsilon", "class_names", "jarn_version" }));
        Assert.That((metadata["dataset"], metadata["method"], metadata["epsilon"]), Is.EqualTo(("fashion-mnist", "jarn", "0.3")));
        Assert.That(JsonSerializer.Deserialize<string[]>(metadata["class_names"])![..2], Is.EqualTo(new[] { "T-shirt/top", "Trouser" }));
    }

    [Test]
    public void A_safetensors_file_is_the_runs_own_again()
    {
        Classifiers.RunForOutput("export", "--checkpoint", _folder.Path, "--format", "safetensors", "--output", _folder["copy.safetensors"]);
        Assert.That(File.ReadAllBytes(_folder["copy.safetensors"]), Is.EqualTo(File.ReadAllBytes(_folder["model.safetensors"])));
    }

    [Test]
    public void A_model_that_is_not_verified_is_not_left_behind()
    {
        using (CpuDevice device = new(threads: 1))
        {
            (Network network, ModelOrigin origin) = ModelFile.Read(_folder.Path, device);
            using Network broken = network;
            Parameter bias = broken.Parameters.Single(parameter => parameter.Name == "linear.bias");
            device.Upload([.. Enumerable.Repeat(float.NaN, bias.Value.Length)], bias.Value.Buffer);
            ModelFile.Write(_folder["broken"], broken, origin);
        }
        (int exitCode, string error) = CommandLineTests.Run("export", "--checkpoint", _folder["broken"], "--output", _folder["model.onnx"]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.StartWith("jarn: the classifier's logits are infinite or NaN for 4 of 4 images"));
        Assert.That(File.Exists(_folder["model.onnx"]), Is.False);
    }

    [TestCase("jarn export needs --checkpoint PATH", "--output", "DIR/new.onnx")]
    [TestCase("jarn export needs --output FILE", "--checkpoint", "DIR")]
    [TestCase("cannot read /no/such/model", "--checkpoint", "/no/such/model", "--output", "DIR/new.onnx")]
    [TestCase("--format is tflite: give onnx or safetensors", "--checkpoint", "DIR", "--output", "DIR/new.onnx", "--format", "tflite")]
    [TestCase("--layout is hwc: give nchw, nhwc", "--checkpoint", "DIR", "--output", "DIR/new.onnx", "--layout", "hwc")]
    [TestCase("--batch is 0: give a number from 1 to 1024", "--checkpoint", "DIR", "--output", "DIR/new.onnx", "--batch", "0")]
    [TestCase("--batch is some: give dynamic or a number from 1 to 1024", "--checkpoint", "DIR", "--output", "DIR/new.onnx", "--batch", "some")]
    [TestCase("are for ONNX models: leave them out", "--checkpoint", "DIR", "--output", "DIR/new.safetensors", "--format", "safetensors",
        "--layout", "nchw")]
    [TestCase("are for ONNX models: leave them out", "--checkpoint", "DIR", "--output", "DIR/new.safetensors", "--format", "safetensors",
        "--softmax")]
    [TestCase("model.safetensors exists already", "--checkpoint", "DIR", "--output", "DIR/model.safetensors")]
    [TestCase("has no use for 'stray'", "stray", "--checkpoint", "DIR", "--output", "DIR/new.onnx")]
    [TestCase("new.pt: give a file name that ends in .onnx or .safetensors", "--checkpoint", "DIR", "--output", "DIR/new.pt")]
    [TestCase("new.onnx: give a file name that ends in .safetensors", "--checkpoint", "DIR", "--output", "DIR/new.onnx", "--format", "safetensors")]
    [TestCase("there is no folder", "--checkpoint", "DIR", "--output", "DIR/absent/new.onnx")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(
            ["export", .. arguments.Select(argument => argument.Replace("DIR", _folder.Path, StringComparison.Ordinal))]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(sentence));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.EnumerateFiles(_folder.Path), Has.Exactly(1).Items);
    }
}
