using System.Text.Json;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runner;

/// <summary>A short run on drawn digits, and evaluations of what it left.</summary>
public sealed class EvaluateCommandTests
{
    private const string Attacks = "fgsm,pgd3,pgd3-margin";

    private TemporaryFolder _folder = null!;

    private string Run => _folder["run"];

    private string Output => _folder["evaluation.json"];

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Assert.That(CommandLineInterface.Run(
        [
            "--method", "standard", "--data", "sketch", "--device", "cpu", "--epochs", "1", "--limit-train", "1000", "--limit-test", "250",
            "--epsilon", "0.02", "--seed", "5", "--attacks", Attacks, "--output", Run, "--report", "off", "--quiet",
        ]), Is.Zero);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void A_checkpoint_gives_the_figures_of_its_run_by_file_and_by_folder_on_one_thread_and_on_two(
        [Values("run", "run/model.safetensors")] string checkpoint, [Values("1", "2")] string threads)
    {
        RunResults run = JsonFile.Read<RunResults>(_folder["run/results.json"]);
        EvaluationResults results = Evaluate(
            "--checkpoint", _folder[checkpoint], "--limit-test", "250", "--seed", "5", "--attacks", Attacks, "--threads", threads);
        Assert.That(results.Accuracy, Is.EqualTo(run.Accuracy));
        Assert.That(results.AccuracyInterval, Is.EqualTo(run.AccuracyInterval));
        Assert.That(results.ZeroGradient, Is.EqualTo(run.ZeroGradient));
        Assert.That(
            (results.Dataset, results.TrainedOn, results.Method, results.Epsilon), Is.EqualTo(("mnist-sketch", "mnist-sketch", "standard", 0.02)));
        Assert.That(
            run.Accuracy["pgd3"], Is.GreaterThan(1).And.LessThan(run.Accuracy["clean"]), "a figure that every mistake would give is no evidence");
    }

    [Test]
    public void Options_do_what_they_say()
    {
        EvaluationResults once = Evaluate("--limit-test", "40", "--attacks", "pgd3", "--epsilon", "8/255");
        EvaluationResults often = Evaluate("--limit-test", "40", "--attacks", "pgd3", "--epsilon", "8/255", "--restarts", "20", "--source", Run);
        Assert.That((once.Restarts, often.Restarts, once.Source, often.Source), Is.EqualTo((1, 20, (string?)null, Run)));
        Assert.That((once.BnMode, often.BnMode), Is.EqualTo((BatchStatistics.Running, BatchStatistics.Running)));
        Assert.That((once.TestExamples, once.LimitTest, once.Epsilon, once.Seed), Is.EqualTo((40, 40, 8.0 / 255, 0UL)));
        Assert.That(often.Accuracy["pgd3"], Is.LessThanOrEqualTo(once.Accuracy["pgd3"]));
    }

    [Test]
    public void Without_a_choice_the_attacks_are_those_of_the_data_sets_recipe() =>
        Assert.That(Evaluate("--limit-test", "2").ZeroGradient.Keys, Is.SupersetOf(new[] { "fgsm", "pgd5", "pgd40" }));

    [Test]
    public void The_file_has_the_keys_that_are_documented()
    {
        Evaluate("--limit-test", "2", "--attacks", "fgsm", "--source", Run);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Output));
        Assert.That(json.RootElement.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[]
        {
            "checkpoint", "method", "trained_on", "dataset", "bn_mode", "epsilon", "restarts", "seed", "device", "test_examples", "accuracy",
            "accuracy_interval", "zero_gradient", "source", "limit_test",
        }));
        Assert.That(json.RootElement.GetProperty("bn_mode").GetString(), Is.EqualTo("running"));
        Assert.That(json.RootElement.GetProperty("accuracy_interval").GetProperty("fgsm").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("jarn evaluate needs --checkpoint PATH")]
    [TestCase("cannot read /no/such/model", "--checkpoint", "/no/such/model")]
    [TestCase("there is no attack pgd0", "--checkpoint", "RUN", "--attacks", "pgd0")]
    [TestCase("--restarts is 0", "--checkpoint", "RUN", "--restarts", "0")]
    [TestCase("--limit-test is 0", "--checkpoint", "RUN", "--limit-test", "0")]
    [TestCase("--bn-mode is train: give batch or running", "--checkpoint", "RUN", "--bn-mode", "train")]
    [TestCase("--epsilon is 2", "--checkpoint", "RUN", "--epsilon", "2")]
    [TestCase("there is no data set imagenet", "--checkpoint", "RUN", "--dataset", "imagenet")]
    [TestCase("--data is fake", "--checkpoint", "RUN", "--data", "fake")]
    [TestCase("results.json cannot be read as a safetensors file", "--checkpoint", "RUN/results.json")]
    [TestCase("cannot read /no/such/source", "--checkpoint", "RUN", "--source", "/no/such/source")]
    [TestCase("--output RUN/results.json exists already", "--checkpoint", "RUN", "--output", "RUN/results.json")]
    [TestCase("--output is /no/such/folder/e.json, and there is no folder /no/such/folder", "--checkpoint", "RUN", "--output",
        "/no/such/folder/e.json")]
    [TestCase("jarn evaluate has no use for 'stray'", "stray", "--checkpoint", "RUN")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["evaluate", .. arguments.Select(Here)]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(Here(sentence)));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));

        string Here(string text) => text.Replace("RUN", Run, StringComparison.Ordinal);
    }

    [Test]
    public void Images_of_another_shape_are_refused_for_the_checkpoint_and_for_the_source()
    {
        ClassifierDescription coloured = Classifiers.WideResNet(width: 1, depth: 8);
        using (CpuDevice device = new(threads: 1))
        using (Network classifier = coloured.Build(new Initializer(device, 0, 0)))
        {
            ModelFile.Write(_folder["coloured"], classifier, new ModelOrigin(coloured, "cifar10", "jarn", 0.03));
        }
        string[][] commands =
        [
            ["--checkpoint", _folder["coloured"], "--dataset", "mnist", "--data", "sketch"],
            ["--checkpoint", Run, "--source", _folder["coloured"]],
        ];
        foreach (string[] arguments in commands)
        {
            (int exitCode, string error) = CommandLineTests.Run(["evaluate", "--quiet", "--limit-test", "2", .. arguments]);
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(error, Does.Contain($"the classifier of {_folder["coloured"]} has 10 classes and takes images of 32×32×3, "
                + "but mnist-sketch has 10 classes and images of 28×28×1"));
        }
    }

    /// <summary>Later options win over these.</summary>
    private EvaluationResults Evaluate(params string[] options)
    {
        File.Delete(Output);
        Dictionary<string, string> all = new() { ["--checkpoint"] = Run, ["--device"] = "cpu", ["--output"] = Output };
        for (int i = 0; i < options.Length; i += 2)
        {
            all[options[i]] = options[i + 1];
        }
        Assert.That(CommandLineInterface.Run(["evaluate", .. all.SelectMany(pair => new[] { pair.Key, pair.Value }), "--quiet"]), Is.Zero);
        return JsonFile.Read<EvaluationResults>(Output);
    }
}
