using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Export;
using Jarn.Tests.Models;

namespace Jarn.Tests.Runs;

public sealed class ModelFileTests
{
    private static readonly WideResNetSettings Narrow = new() { Width = 1, Depth = 8 };

    private static readonly ClassifierDescription Description = new(Narrow, new ImageShape(8, 8, 3), 4, new InputTransform(255, true));

    private TemporaryFolder _folder = null!;
    private CpuDevice _device = null!;

    [SetUp]
    public void SetUp() => (_folder, _device) = (new TemporaryFolder(), new CpuDevice(threads: 1));

    [TearDown]
    public void TearDown()
    {
        _folder.Dispose();
        _device.Dispose();
    }

    [Test]
    public void A_classifier_comes_back_bit_by_bit_with_its_running_statistics_from_its_file_and_from_its_folder()
    {
        using Network saved = Save("run/model.safetensors");
        foreach (string path in new[] { "run/model.safetensors", "run" })
        {
            (Network read, ModelOrigin origin) = ModelFile.Read(_folder[path], _device);
            using Network classifier = read;
            Assert.That(origin, Is.EqualTo(Origin(Description)));
            Assert.That(classifier.State.Select(parameter => (parameter.Name, parameter.Decays)),
                Is.EqualTo(saved.State.Select(parameter => (parameter.Name, parameter.Decays))));
            Assert.That(classifier.State.Select(parameter => parameter.Value.ToArray()),
                Is.EqualTo(saved.State.Select(parameter => parameter.Value.ToArray())));
            Assert.That(classifier.RunningStatistics, Is.Not.Empty);
        }
    }

    [Test]
    public void The_activation_comes_back_and_a_file_without_one_has_the_networks_own([Values(null, Activation.Silu)] Activation? activation)
    {
        ClassifierDescription description = Description.WithActivation(activation);
        using Network saved = Save("run/model.safetensors", Origin(description));
        Assert.That(
            File.ReadAllText(_folder["run/model.safetensors"]).Contains("activation", StringComparison.Ordinal), Is.EqualTo(activation is not null));
        (Network read, ModelOrigin origin) = ModelFile.Read(_folder["run"], _device);
        using Network classifier = read;
        Assert.That(origin.Description, Is.EqualTo(description));
        using Network leaky = description.WithActivation(Activation.LeakyRelu).Build(new Initializer(_device, 1, 0));
        foreach ((Parameter from, Parameter to) in classifier.State.Zip(leaky.State))
        {
            _device.Upload(from.Value.ToArray(), to.Value.Buffer);
        }
        using Tensor x = ToyWideResNet.Images(_device, 2, 8);
        using Tape tape = new(_device, recording: false);
        Assert.That(
            Logits(classifier).SequenceEqual(Logits(leaky)), Is.EqualTo(activation is null), "a Wide-ResNet's own is the leaky ReLU");

        float[] Logits(Network network) => network.Forward(tape, x, BatchStatistics.Running).ToArray();
    }

    private static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Forged(
            "no layer is that narrow", description => description with { Network = Narrow with { Width = 0 } }, "cannot be understood");
        yield return Forged("wider than its tensors", description => description with { Network = Narrow with { Width = 1000 } },
            "where stage1.unit1.conv1.weight needs 3×3×16×16000");
        yield return Forged(
            "too wide for any tensor", description => description with { Network = Narrow with { Width = int.MaxValue } }, "cannot be understood");
        yield return Forged("deeper than its tensors", description => description with { Network = Narrow with { Depth = 14 } },
            "where stage1.unit2.norm1.gamma needs 16");
        yield return Forged(
            "too deep for any file", description => description with { Network = Narrow with { Depth = int.MaxValue - 5 } }, "cannot be understood");
        yield return Forged("images that do not halve twice", description => description with { Image = description.Image with { Height = 10 } },
            "cannot be understood");
        yield return Forged(
            "images without a column", description => description with { Image = description.Image with { Width = 0 } }, "cannot be understood");
        yield return Forged("images too large for any memory",
            description => description with { Image = description.Image with { Height = 1 << 30 } }, "cannot be understood");
        yield return Forged("another network", description => description with { Network = new MnistCnnSettings(), Image = new ImageShape(8, 8, 1) },
            "no tensor where conv1.weight needs 5×5×1×64");
        yield return Forged(
            "grey network, coloured images", description => description with { Network = new MnistCnnSettings() }, "cannot be understood");
        yield return Forged(
            "an activation that no classifier has", description => description.WithActivation(Activation.Tanh), "cannot be understood");
        yield return Forged("no activation", description => description.WithActivation((Activation)77), "cannot be understood");
        yield return Forged("no classes", description => description with { Classes = 0 }, "cannot be understood");
        yield return Forged("more classes", description => description with { Classes = 5 }, "holds 64×4 values where linear.weight needs 64×5");

        static TestCaseData Forged(string name, Func<ClassifierDescription, ClassifierDescription> forge, string sentence) =>
            new TestCaseData(forge, sentence).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Forgeries))]
    public void A_description_that_its_tensors_belie_is_refused_before_it_costs_memory(
        Func<ClassifierDescription, ClassifierDescription> forge, string sentence)
    {
        Save("forged", Origin(forge(Description))).Dispose();
        int lent = _device.Memory.LentBuffers;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ModelFile.Read(_folder["forged"], _device),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(_folder["forged"]).And.Message.Contains(sentence));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(lent), "what was taken before is given back");
    }

    [TestCase(0)]
    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void An_epsilon_out_of_range_is_refused(double epsilon)
    {
        Save("forged", Origin(Description) with { Epsilon = epsilon }).Dispose();
        Assert.That(() => ModelFile.Read(_folder["forged"], _device), Throws.TypeOf<UserErrorException>());
    }

    [Test]
    public void What_is_no_model_is_refused()
    {
        SafeTensors.Write(_folder["tensors"], [new NamedTensor("w", [1], [1])], new Dictionary<string, string>());
        SafeTensors.Write(_folder["nonsense"], [new NamedTensor("w", [1], [1])], new Dictionary<string, string> { ["jarn"] = "{}" });
        _folder.Write("damaged", [1, 2, 3]);
        Directory.CreateDirectory(_folder["empty"]);
        foreach (string name in new[] { "tensors", "nonsense", "damaged", "empty", "absent" })
        {
            Assert.That(() => ModelFile.Read(_folder[name], _device), Throws.TypeOf<UserErrorException>().With.Message.Contains(_folder[name]));
        }
    }

    [Test]
    public void Any_mutation_is_read_or_refused()
    {
        Save("model").Dispose();
        byte[] whole = File.ReadAllBytes(_folder["model"]);
        Random random = new(3);
        int refused = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            _folder.Write("mutated", Mutation.Of(whole, random, headerLength: 5000));
            try
            {
                ModelFile.Read(_folder["mutated"], _device).Classifier.Dispose();
            }
            catch (UserErrorException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(50, 299));
    }

    private static ModelOrigin Origin(ClassifierDescription description) => new(description, "mnist-sketch", "jarn", 8.0 / 255);

    private Network Save(string name, ModelOrigin? origin = null)
    {
        Network network = Description.Build(new Initializer(_device, 5, 0));
        _device.Fill(0.25, network.RunningStatistics[0].Value.Buffer);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        ModelFile.Write(_folder[name], network, origin ?? Origin(Description));
        return network;
    }
}
