using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Export;

/// <summary>Tensors from elsewhere become a model that every command takes, or a sentence says which of them is wrong.</summary>
public sealed class ImportCommandTests
{
    private static readonly ClassifierDescription Description = Classifiers.WideResNet(1, 8, input: new InputTransform(255, true))
        .WithActivation(Activation.Silu);

    private static readonly string[] Described =
    [
        "--network", "wide-resnet", "--dataset", "cifar10", "--width", "1", "--depth", "8", "--input-scale", "255", "--input-normalization", "l2",
        "--activation", "silu", "--epsilon", "4/255",
    ];

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
        Assert.That(CommandLineTests.Run(
            "evaluate", "--checkpoint", _folder["run"], "--data", "sketch", "--limit-test", "2", "--attacks", "fgsm", "--quiet").ExitCode, Is.Zero);
    }

    [TestCase("BF16")]
    [TestCase("F16")]
    [TestCase("F64")]
    public void Weights_of_another_precision_are_converted_to_float32_and_counters_ignored_and_both_said(string type)
    {
        IReadOnlyList<NamedTensor> tensors = SafeTensors.Read(_folder["model.safetensors"]).Tensors;
        _folder.Write("foreign", ForeignTensors.File(
        [
            .. tensors.Select(tensor => (tensor, tensor.Name == "conv.weight" ? "F32" : type)),
            (new NamedTensor("norm.num_batches_tracked", [], [7]), "I64"),
            (new NamedTensor("stage1.unit1.norm1.num_batches_tracked", [1], [7]), "I64"),
        ]));
        (int exitCode, string error) = CommandLineTests.Run(["import", "--input", _folder["foreign"], "--output", _folder["run"], .. Described]);
        Assert.That((exitCode, error), Is.EqualTo((0,
            $"Note: {tensors.Count - 1} tensors of type {type} converted to float32.\n"
            + "Note: num_batches_tracked was ignored (2 times); the classifier doesn't use it.\n")));
        foreach ((NamedTensor expected, NamedTensor actual) in tensors.OrderBy(tensor => tensor.Name)
            .Zip(SafeTensors.Read(_folder["run/model.safetensors"]).Tensors.OrderBy(tensor => tensor.Name)))
        {
            Assert.That(actual.Name, Is.EqualTo(expected.Name));
            Assert.That(actual.Values,
                Is.EqualTo(expected.Values.Select(value => ForeignTensors.Rounded(expected.Name == "conv.weight" ? "F32" : type, value))));
        }
    }

    [Test]
    public void Our_own_model_in_another_precision_is_evaluated_only_once_it_is_imported()
    {
        byte[] own = File.ReadAllBytes(_folder["model.safetensors"]);
        string header = System.Text.Encoding.UTF8.GetString(own, 8, (int)BitConverter.ToInt64(own));
        string pickle = header.Replace("\"dtype\":\"F32\",\"shape\":[10]", "\"dtype\":\"I32\",\"shape\":[10]", StringComparison.Ordinal);
        _folder.Write("integers", [.. own[..8], .. System.Text.Encoding.UTF8.GetBytes(pickle), .. own[(8 + header.Length)..]]);
        Refused("linear.bias is of type I32, where F32, F64, F16 or BF16 is needed", ["--input", _folder["integers"], "--output", _folder["run"]]);
        string halves = header.Replace("\"dtype\":\"F32\",\"shape\":[10]", "\"dtype\":\"F16\",\"shape\":[20]", StringComparison.Ordinal);
        _folder.Write("halves", [.. own[..8], .. System.Text.Encoding.UTF8.GetBytes(halves), .. own[(8 + header.Length)..]]);
        (int exitCode, string error) = CommandLineTests.Run("evaluate", "--checkpoint", _folder["halves"], "--data", "sketch");
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("linear.bias is of type F16; 'jarn import' converts it to float32"));
    }

    private static IEnumerable<TestCaseData> Strangers()
    {
        yield return Stranger("a PyTorch file", "safetensors.torch.save_file", Zip("archive/data.pkl"));
        yield return Stranger("a Python pickle", "safetensors.torch.save_file", [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]);
        yield return Stranger("a NumPy file", "safetensors.numpy.save_file", Zip("conv.weight.npy"));
        yield return Stranger("a NumPy file", "safetensors.numpy.save_file", [0x93, .. "NUMPY\u0001\0v\0{'descr': '<f4'"u8]);
        yield return Stranger("an HDF5 file, such as Keras saves", "safetensors.numpy.save_file", [0x89, .. "HDF\r\n\u001a\n"u8]);
        yield return Stranger("a Keras file", "safetensors.numpy.save_file", Zip("metadata.json"));
        yield return Stranger("a zip archive", "unpack it", Zip("readme.txt"));
        yield return Stranger("an ONNX model", "only weights can be imported", [0x08, 8, 0x12, 7, .. "pytorch"u8]);
        yield return Stranger(
            "a Git LFS pointer", "'git lfs pull'", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"u8.ToArray());
        yield return Stranger("a web page", "download the file itself", "\n<!doctype HTML>\n<html>"u8.ToArray());
        yield return Stranger("a gzip file", "unpack it with gunzip", IdxFiles.Gzip([1, 2, 3]));

        static TestCaseData Stranger(string name, string advice, byte[] start) =>
            new TestCaseData(name, advice, start).SetArgDisplayNames(name, $"{start.Length} bytes");

        static byte[] Zip(string entry)
        {
            using MemoryStream archive = new();
            using (System.IO.Compression.ZipArchive zip = new(archive, System.IO.Compression.ZipArchiveMode.Create))
            {
                zip.CreateEntry(entry);
            }
            return archive.ToArray();
        }
    }

    [TestCaseSource(nameof(Strangers))]
    public void A_file_of_another_format_is_named_with_advice(string name, string advice, byte[] start)
    {
        _folder.Write("stranger", [.. start, .. new byte[100]]);
        Refused($"DIR/stranger is {name}", ["--input", _folder["stranger"], "--output", _folder["run"], .. Described]);
        Refused(advice, ["--input", _folder["stranger"], "--output", _folder["run"], .. Described]);
        Assert.That(CommandLineTests.Run("evaluate", "--checkpoint", _folder["stranger"]).Error, Does.Contain(name));
    }

    [Test]
    public void An_imported_model_is_listed_and_shown_and_a_report_says_why_there_is_none()
    {
        Classifiers.RunForOutput("import", "--input", _folder["model.safetensors"], "--output", _folder["runs/there"]);
        Assert.That(Directory.GetFileSystemEntries(_folder["runs/there"]).Select(Path.GetFileName), Is.EqualTo(new[] { "model.safetensors" }),
            "no lock is left");
        string list = Classifiers.RunForOutput("runs", "list", _folder["runs"], "--json");
        Assert.That(list, Does.Contain("\"state\": \"imported\"").And.Contain("\"dataset\": \"cifar10\"").And.Contain("\"name\": \"there\""));
        (int exitCode, string error) = CommandLineTests.Run("report", "--checkpoint", _folder["runs/there"]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("was imported, so there is no training to report")
            .And.Contain($"'jarn audit --checkpoint {_folder["runs/there"]} --output audit.html'"));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("missing", "holds no tensor where stage2.unit1.norm2.running_mean needs 32",
            tensors => [.. tensors.Where(tensor => tensor.Name != "stage2.unit1.norm2.running_mean")]);
        yield return Fault("transposed", "holds 16×3×3×3 values where conv.weight needs 3×3×3×16",
            Change("conv.weight", tensor => tensor with { Shape = [16, 3, 3, 3] }));
        yield return Fault(
            "unknown", "has a tensor momentum, which this network does not have", tensors => [.. tensors, new NamedTensor("momentum", [1], [0])]);
        yield return Fault("infinite", "linear.bias[2] is Infinity, and must be a finite number",
            Change("linear.bias", tensor => Place(tensor, 2, float.PositiveInfinity)));
        yield return Fault("not a number", "norm.gamma[0] is NaN", Change("norm.gamma", tensor => Place(tensor, 0, float.NaN)));
        yield return Fault("negative", "norm.running_variance[5] is -1, and must be a finite number of at least 0",
            Change("norm.running_variance", tensor => Place(tensor, 5, -1)));

        static TestCaseData Fault(string name, string sentence, Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change) =>
            new TestCaseData(sentence, change).SetArgDisplayNames(name);

        static Func<IReadOnlyList<NamedTensor>, NamedTensor[]> Change(string name, Func<NamedTensor, NamedTensor> change) =>
            tensors => [.. tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor)];

        static NamedTensor Place(NamedTensor tensor, int place, float value) =>
            tensor with { Values = [.. tensor.Values[..place], value, .. tensor.Values[(place + 1)..]] };
    }

    [TestCaseSource(nameof(Faults))]
    public void A_wrong_tensor_is_named(string sentence, Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change)
    {
        Write(change);
        Refused(sentence, ["--input", _folder["bare"], "--output", _folder["run"], .. Described]);
    }

    [TestCase("jarn import needs --input FILE", "--output", "DIR/run")]
    [TestCase("cannot read DIR/absent", "--input", "DIR/absent", "--output", "DIR/run")]
    [TestCase("bare does not say which network it is for: give --network", "--input", "DIR/bare", "--output", "DIR/run")]
    [TestCase("model.safetensors says itself which network it is for", "--input", "DIR/model.safetensors", "--output", "DIR/run", "--width", "1")]
    [TestCase("model.safetensors says itself which network it is for", "--input", "DIR/model.safetensors", "--output", "DIR/run", "--network",
        "wide-resnet", "--dataset", "svhn")]
    [TestCase("there is no network resnet: give mnist-cnn, wide-resnet to --network", "--input", "DIR/bare", "--output", "DIR/run",
        "--network", "resnet")]
    [TestCase("--network needs --dataset: give the data set it was trained on, mnist, ", "--input", "DIR/bare", "--output", "DIR/run", "--network",
        "wide-resnet")]
    [TestCase("mnist-cnn, which does not take SVHN's images of 32 × 32 × 3", "--input", "DIR/bare", "--output", "DIR/run", "--network", "mnist-cnn",
        "--dataset", "svhn")]
    [TestCase("--depth is 9: give 8, 14, ", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn",
        "--depth", "9")]
    [TestCase("--depth is 600000002: give a number from 1 to 10000", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet",
        "--dataset", "svhn", "--depth", "600000002")]
    [TestCase("--activation is tanh: give leaky-relu, relu, silu, softplus", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet",
        "--dataset", "svhn", "--activation", "tanh")]
    [TestCase("--width is 0", "--input", "DIR/bare", "--output", "DIR/run", "--network", "wide-resnet", "--dataset", "svhn", "--width", "0")]
    [TestCase("DIR is a folder, not a safetensors file: give a safetensors file with the tensors that docs/checkpoint-format.md lists", "--input",
        "DIR", "--output", "DIR/run")]
    [TestCase("holds files already", "--input", "DIR/model.safetensors", "--output", "DIR")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        Write(tensors => [.. tensors]);
        Refused(sentence, arguments);
    }

    private void Refused(string sentence, string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["import", .. arguments.Select(Here)]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(Here(sentence)));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.Exists(_folder["run"]), Is.False);

        string Here(string text) => text.Replace("DIR", _folder.Path, StringComparison.Ordinal);
    }

    /// <summary>The model's tensors, changed, in a file that does not say what they are.</summary>
    private void Write(Func<IReadOnlyList<NamedTensor>, NamedTensor[]> change) =>
        SafeTensors.Write(_folder["bare"], change(SafeTensors.Read(_folder["model.safetensors"]).Tensors), new Dictionary<string, string>());
}
