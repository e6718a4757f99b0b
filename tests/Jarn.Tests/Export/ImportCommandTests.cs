using Jarn.Models;
using Jarn.Runner.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Export;

/// <summary>Tensors from elsewhere become a model that every command takes, or a sentence says which of them is wrong.</summary>
[NonParallelizable]
public sealed class ImportCommandTests
{
    private static readonly ClassifierDescription Description = Classifiers.WideResNet(1, 8, input: new InputTransform(255, true)) with { Activation = Activation.Silu };

    private static readonly string[] Described =
        ["--network", "wide-resnet", "--dataset", "cifar10", "--width", "1", "--depth", "8", "--input-scale", "255", "--input-normalization", "l2", "--activation", "silu", "--epsilon", "4/255"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SaveModel()
    {
        _folder = new TemporaryFolder();
        Classifiers.Save(_folder["model.safetensors"], Description, "cifar10");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void What_was_exported_comes_back_byte_for_byte()
    {
        Classifiers.RunForOutput("import", "--input", _folder["model.safetensors"], "--output", _folder["run"]);
        Assert.That(File.ReadAllBytes(_folder["run/model.safetensors"]), Is.EqualTo(File.ReadAllBytes(_folder["model.safetensors"])));
    }

    [Test]
    public void Tensors_that_do_not_say_what_they_are_become_the_network_that_the_options_describe()
    {
        Write(tensors => [.. tensors.Reverse()]);
        Classifiers.RunForOutput(["import", "--input", _folder["bare"], "--output", _folder["run"], .. Described]);
        (float[] _, float[] expected) = Classifiers.Run(_folder["model.safetensors"], 3);
        Assert.That(Classifiers.Run(_folder["run"], 3).Logits, Is.EqualTo(expected));
        using Jarn.Kernels.CpuDevice device = new(threads: 1);
        (Network network, ModelOrigin origin) = ModelFile.Read(_folder["run"], device);
        network.Dispose();
        Assert.That(origin, Is.EqualTo(new ModelOrigin(Description, "cifar10", "imported", 4.0 / 255)));
        Assert.That(CommandLineTests.Run("evaluate", "--checkpoint", _folder["run"], "--data", "sketch", "--limit-test", "2", "--attacks", "fgsm", "--quiet").ExitCode, Is.Zero);
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("missing", "holds no tensor where stage2.unit1.norm2.running_mean needs 32", tensors => [.. tensors.Where(tensor => tensor.Name != "stage2.unit1.norm2.running_mean")]);
        yield return Fault("transposed", "holds 16×3×3×3 values where conv.weight needs 3×3×3×16", Change("conv.weight", tensor => tensor with { Shape = [16, 3, 3, 3] }));
        yield return Fault("unknown", "holds momentum, which this network does not have", tensors => [.. tensors, new NamedTensor("momentum", [1], [0])]);
        yield return Fault("infinite", "holds Infinity in linear.bias, place 2, where a number is needed", Change("linear.bias", tensor => Place(tensor, 2, float.PositiveInfinity)));
        yield return Fault("not a number", "holds NaN in norm.gamma, place 0", Change("norm.gamma", tensor => Place(tensor, 0, float.NaN)));
        yield return Fault("negative", "holds -1 in norm.running_variance, place 5, where a variance is needed", Change("norm.running_variance", tensor => Place(tensor, 5, -1)));

        static TestCaseData Fault(string name, string sentence, Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change) => new TestCaseData(sentence, change).SetArgDisplayNames(name);

        static Func<IReadOnlyList<NamedTensor>, NamedTensor[]> Change(string name, Func<NamedTensor, NamedTensor> change) =>
            tensors => [.. tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor)];

        static NamedTensor Place(NamedTensor tensor, int place, float value) => tensor with { Values = [.. tensor.Values[..place], value, .. tensor.Values[(place + 1)..]] };
    }

    [TestCaseSource(nameof(Faults))]
    public void A_wrong_tensor_is_named(string sentence, Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change)
    {
        Write(change);
        Refused(sentence, ["--input", _folder["bare"], "--output", _folder["run"], .. Described]);
    }

    [TestCase("jarn import needs --input FILE", "--output", "DIR/run")]
    [TestCase("cannot read DIR/absent", "--input", "DIR/absent", "--output", "DIR/run")]
    [TestCase("bare does not say which network it holds: give --network", "--input", "DIR/bare", "--output", "DIR/run")]
    [TestCase("model.safetensors says itself which network it holds", "--input", "DIR/model.safetensors", "--output", "DIR/run", "--width", "1")]
    [TestCase("model.safetensors says itself which network it holds", "--input", "DIR/model.safetensors", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn")]
    [TestCase("--network is resnet: give mnist-cnn or wide-resnet", "--input", "DIR/bare", "--output", "DIR/run", "--network", "resnet")]
    [TestCase("--network lacks its images: give --dataset mnist, ", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet")]
    [TestCase("mnist-cnn is no network for SVHN's images of 32 × 32 × 3", "--input", "DIR/bare", "--output", "DIR/run", "--network", "mnist-cnn", "--dataset", "svhn")]
    [TestCase("--depth is 9: give 8, 14, ", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn", "--depth", "9")]
    [TestCase("--depth is 600000002: give a number from 0 to 10000", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn", "--depth", "600000002")]
    [TestCase("--activation is tanh: give leaky-relu, relu, silu, softplus", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn", "--activation", "tanh")]
    [TestCase("--width is 0", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn", "--width", "0")]
    [TestCase("holds files already", "--input", "DIR/model.safetensors", "--output", "DIR")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        Write(tensors => [.. tensors]);
        Refused(sentence, arguments);
    }

    private void Refused(string sentence, string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["import", .. arguments.Select(Here)]);
        Assert.That((exitCode, error), Is.EqualTo((2, error)));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(Here(sentence)));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.Exists(_folder["run"]), Is.False);

        string Here(string text) => text.Replace("DIR", _folder.Path, StringComparison.Ordinal);
    }

    /// <summary>The model's tensors, changed, in a file that does not say what they are.</summary>
    private void Write(Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change) =>
        SafeTensors.Write(_folder["bare"], change(SafeTensors.Read(_folder["model.safetensors"]).Tensors), new Dictionary<string, string>());
}
