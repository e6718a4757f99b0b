using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Export;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Checkpoints;

/// <summary>A checkpoint of a training is a classifier, too: every command takes it, and an unfinished run names its newest.</summary>
public sealed class CheckpointModelTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("standard", DeviceKind.Cpu)]
    [TestCase("jarn", DeviceKind.Cpu)]
    [TestCase("free-at", DeviceKind.Cpu, Category = TestCategory.Thorough)]
    [TestCase("standard", DeviceKind.Reference, Category = TestCategory.Thorough)]
    public void The_checkpoint_of_the_last_step_is_the_model_that_the_run_leaves(string method, DeviceKind kind)
    {
        ToyRun run = new(ToyRun.Options(method), kind: kind);
        string[] checkpoints = run.Interrupt(_folder["run"], ToyRun.Steps);
        using CpuDevice device = new(threads: 1);
        (Network last, ModelOrigin lastOrigin) = ModelFile.Read(checkpoints[^1], device);
        (Network before, _) = ModelFile.Read(checkpoints[^2], device);
        run.Execute(_folder["run"]);
        (Network model, ModelOrigin origin) = ModelFile.Read(_folder["run"], device);
        using Network first = last, second = before, third = model;
        Assert.That(lastOrigin, Is.EqualTo(origin));
        Assert.That(Values(first), Is.EqualTo(Values(third)));
        Assert.That(Values(second), Is.Not.EqualTo(Values(third)), "another step's would do as well");

        static float[][] Values(Network network) => [.. network.State.Select(parameter => parameter.Value.ToArray())];
    }

    [Test]
    public void Every_command_takes_a_checkpoint_and_its_run_is_left_as_it_was()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        string checkpoint = run.Interrupt(_folder["run"], 3)[^1];
        Pictures.Write(_folder["a.png"], 28, 28, (x, _) => new SkiaSharp.SKColor((byte)(9 * x), 0, 0));
        string[] few = ["--device", "cpu", "--quiet", "--checkpoint", checkpoint];
        Assert.That(CommandLineTests.Run(["evaluate", .. few, "--limit-test", "3", "--attacks", "fgsm"]).ExitCode, Is.Zero);
        Classifiers.RunForOutput(["predict", .. few, "--output", _folder["out"], _folder["a.png"]]);
        Classifiers.RunForOutput("export", "--checkpoint", checkpoint, "--format", "safetensors", "--output", _folder["copy.safetensors"]);
        using CpuDevice device = new(threads: 1);
        (Network copy, ModelOrigin origin) = ModelFile.Read(_folder["copy.safetensors"], device);
        copy.Dispose();
        Assert.That((origin.Dataset, origin.Method), Is.EqualTo(("mnist-sketch", "standard")));
        Assert.That(CommandLineTests.Run(["audit", .. few, "--examples", "2"]).ExitCode, Is.Zero);
        run.Execute(_folder["run"]);
        run.Execute(_folder["whole"]);
        Assert.That(ToyRun.Model(_folder["run"]), Is.EqualTo(ToyRun.Model(_folder["whole"])));
    }

    [Test]
    public void An_unfinished_run_names_its_newest_checkpoint()
    {
        string[] checkpoints = new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], 3);
        string sentence = $"jarn: the training in {_folder["run"]} was interrupted, and ";
        string advice = $": give its newest checkpoint, {checkpoints[^1]}\n";
        Assert.That(Refusal(_folder["run"]), Is.EqualTo($"{sentence}has no model.safetensors yet{advice}"));
        Assert.That(Refusal(_folder["run/checkpoints"]), Is.EqualTo($"{sentence}has no model.safetensors yet{advice}"));
        Assert.That(
            Refusal(_folder["run/checkpoints/step-000000.safetensors"]),
            Is.EqualTo($"{sentence}step-000000.safetensors is not there (any more){advice}"));
        Directory.Delete(_folder["run/checkpoints"], recursive: true);
        Assert.That(Refusal(_folder["run"]), Is.EqualTo($"{sentence}has no model.safetensors yet: there is no checkpoint yet, either\n"));
    }

    [Test]
    public void A_checkpoint_apart_from_its_run_or_damaged_is_refused()
    {
        string checkpoint = new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], 1)[^1];
        byte[] whole = File.ReadAllBytes(checkpoint);
        _folder.Write("apart.safetensors", whole);
        Assert.That(Refusal(_folder["apart.safetensors"]), Does.Contain("is a checkpoint, and its network is described in the run's config.json"));
        whole[^100] ^= 1;
        File.WriteAllBytes(checkpoint, whole);
        Assert.That(Refusal(checkpoint), Does.Contain("checksum"));
        (int exitCode, string error) = CommandLineTests.Run("import", "--input", _folder["apart.safetensors"], "--output", _folder["imported"]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("is a checkpoint that Jarn wrote"));
    }

    private static string Refusal(string checkpoint)
    {
        (int exitCode, string error) = CommandLineTests.Run("evaluate", "--checkpoint", checkpoint, "--device", "cpu");
        Assert.That(exitCode, Is.EqualTo(2), error);
        return error;
    }
}
