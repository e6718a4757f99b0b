using System.Text.Json.Nodes;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Extending;

/// <summary>The walks of docs/extending.md, each made by this assembly: what a program adds goes through the commands as Jarn's own does.</summary>
[NonParallelizable]
public sealed class WalkTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_network_of_a_program_is_trained_measured_audited_and_exported()
    {
        using IDisposable registered = NetworkDefinition.List.Register(SmallCnn.Definition);
        Train("--network", "small-cnn", "--filters", "4", "--method", "jarn", "--jarn-from", "0");
        Succeed("evaluate", _folder["run"], "--attacks", "fgsm,pgd2");
        Succeed("audit", _folder["run"], "--examples", "10");
        Succeed("export", _folder["run"], "--output", _folder["model.onnx"]);
        using CpuDevice device = new(threads: 1);
        (Network classifier, ModelOrigin origin) = ModelFile.Read(_folder["run"], device);
        classifier.Dispose();
        Assert.That(origin.Description.Network, Is.EqualTo(new SmallCnnSettings { Filters = 4 }));
        Assert.That(HelpPage.OfGroup(typeof(TrainOptions), "network"), Does.Contain("--filters N").And.Contain("only with --network small-cnn"));
        Refused("--filters is 0: give a number from 1 to 4096", "--network", "small-cnn", "--filters", "0");
        Refused("--filters has no effect with --network mnist-cnn: it is for --network small-cnn", "--filters", "4");
    }

    [Test]
    public void A_training_method_of_a_program_trains_and_its_setting_is_an_option()
    {
        using IDisposable registered = MethodDefinition.List.Register(LabelSmoothingTraining.Definition);
        Train("--method", "label-smoothing", "--smoothing", "0.3");
        JsonNode method = JsonNode.Parse(File.ReadAllText(_folder["run/config.json"]))!["options"]!["recipe"]!["method"]!;
        Assert.That(method.ToJsonString(), Is.EqualTo("""{"name":"label-smoothing","smoothing":0.3}"""));
        Succeed("train", "--config", _folder["run/config.json"], "--output", _folder["again"], "--quiet");
        Assert.That(File.ReadAllBytes(_folder["again/model.safetensors"]), Is.EqualTo(File.ReadAllBytes(_folder["run/model.safetensors"])));
        Succeed("train", "--config", _folder["run/config.json"], "--smoothing", "0", "--output", _folder["other"], "--quiet");
        Assert.That(File.ReadAllBytes(_folder["other/model.safetensors"]), Is.Not.EqualTo(File.ReadAllBytes(_folder["run/model.safetensors"])));
        Refused("--smoothing is 2: give a number from 0 to 1", "--method", "label-smoothing", "--smoothing", "2");
    }

    [Test]
    public void An_attack_of_a_program_measures_what_it_measures()
    {
        using IDisposable registered = AttackDefinition.List.Register(RandomNoise.Definition);
        Train("--method", "standard", "--epsilon", "0.4");
        Succeed("evaluate", _folder["run"], "--attacks", "fgsm,random-noise", "--restarts", "3", "--output", _folder["figures.json"]);
        JsonNode accuracy = JsonNode.Parse(File.ReadAllText(_folder["figures.json"]))!["accuracy"]!;
        double clean = (double)accuracy["clean"]!, noise = (double)accuracy["random-noise"]!, fgsm = (double)accuracy["fgsm"]!;
        Assert.That(noise, Is.InRange(fgsm, clean));
        Succeed("evaluate", _folder["run"], "--attacks", "random-noise", "--restarts", "3", "--output", _folder["alone.json"]);
        Assert.That((double)JsonNode.Parse(File.ReadAllText(_folder["alone.json"]))!["accuracy"]!["random-noise"]!, Is.EqualTo(noise));
        Assert.That(AttackDefinition.TitleOf("random-noise"), Is.EqualTo("Random noise"));
        Assert.That(HelpPage.OfVerb(typeof(EvaluateOptions)), Does.Contain("pgd<steps>[-margin] or random-noise"));
    }

    [Test]
    public void An_attack_of_a_program_is_verified()
    {
        AttackedImages images = new([0.2f, 0.9f], [0]);
        Attack outside = new TooFar(ThreatModel.LInf(0.1));
        Assert.That(() => outside.Run(new Sign(), images),
            Throws.InvalidOperationException.With.Message.Contains("too-far left the threat model (L∞, ε = 0.1)"));
    }

    /// <summary>Claims an x′ that the threat model does not allow.</summary>
    private sealed class TooFar(ThreatModel threat) : Attack(threat)
    {
        public override string Name => "too-far";

        public override PassCount MostPasses(int classes) => default;

        protected override AttackOutcome Search(IClassifier classifier, AttackedImages images) => new([0.2f, 0.5f], [true]);
    }

    /// <summary>Of images of two pixels, by which is larger.</summary>
    private sealed class Sign : IClassifier
    {
        public int Height => 1;

        public int Width => 2;

        public int Channels => 1;

        public int Classes => 2;

        public void Logits(ReadOnlySpan<float> images, Span<float> logits) => images.CopyTo(logits);

        public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients) =>
            throw new NotSupportedException();
    }

    private void Train(params string[] arguments) => Succeed(
        [
            "train", "--dataset", "mnist", "--data", "sketch", "--preset", "small", "--steps", "3", "--limit-train", "128", "--limit-test", "20",
            "--attacks", "fgsm", "--device", "cpu", "--report", "off", "--tensorboard", "off", "--output", _folder["run"], "--quiet", .. arguments,
        ]);

    private static void Succeed(params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(arguments);
        Assert.That(exitCode, Is.Zero, error);
    }

    private static void Refused(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["train", "--dataset", "mnist", "--data", "sketch", "--device", "cpu", .. arguments]);
        Assert.That((exitCode, error), Is.EqualTo((2, $"jarn: {sentence}")).Or.EqualTo((2, $"jarn: {sentence}\n")));
    }
}
