using System.Text.Json;
using Jarn.Runner.Commands;
using Jarn.Tests.Reports.TensorBoard;

namespace Jarn.Tests.Runner;

/// <summary>Short runs on drawn digits, from the command line to the files.</summary>
public sealed class TrainCommandTests
{
    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("jarn-train-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_run_leaves_its_files_and_says_that_its_digits_are_drawn([ValueSource(typeof(TestMethods), nameof(TestMethods.Names))] string method)
    {
        string run = Train("run",
        [
            "--method", method,
            .. HeedingTests.HeededBy(method, "--jarn-from", "0.5", "--training-attack-iterations", "7", "--trades-iterations", "5"),
        ]);

        string events = EventReader.PathIn(run);
        Assert.That(
            Directory.EnumerateFiles(run).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "config.json", "metrics.csv", "results.json", "model.safetensors", Path.GetFileName(events) }));
        Assert.That(EventReader.OfRun(run), Has.Member((6L, "final_accuracy/pgd40")).And.Member((6L, "train/classification_loss")));
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "results.json")));
        JsonElement root = results.RootElement;
        Assert.That(root.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[]
        {
            "dataset", "method", "preset", "seed", "device", "train_examples", "test_examples", "parameters", "epsilon", "seconds_total",
            "first_step_seconds", "seconds_per_epoch", "gradient_evaluations_per_image", "accuracy", "accuracy_interval", "zero_gradient",
            "peak_memory_bytes", "peak_device_bytes",
        }));
        Assert.That(root.GetProperty("dataset").GetString(), Is.EqualTo("mnist-sketch"));
        Assert.That(root.GetProperty("method").GetString(), Is.EqualTo(method));
        Assert.That(root.GetProperty("train_examples").GetInt32(), Is.EqualTo(96));
        Assert.That(
            root.GetProperty("parameters").GetInt64(), Is.EqualTo((25 * 64) + 64 + (25 * 64 * 128) + 128 + (25 * 128 * 256) + 256 + 2560 + 10));
        Assert.That(
            root.GetProperty("accuracy").EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "clean", "fgsm", "pgd5", "pgd40" }));
        Assert.That(root.GetProperty("gradient_evaluations_per_image").GetDouble(), Is.EqualTo(method switch
        {
            "fgsm-at1" => 2,
            "double-backprop" => 3,
            "jarn" => (1 + 3) / 2.0,
            "pgd-at7" => 8,
            "jarn-at1" => (2 + 4) / 2.0,
            "trades" => 5 + 2,
            "fast-at" => 2,
            "jacobian-regularization" => 3,
            _ => 1,
        }));
        string[] metrics = File.ReadAllLines(Path.Combine(run, "metrics.csv"));
        Assert.That(metrics[0],
            Is.EqualTo("step,epoch,classification_loss,adversarial_loss,clean_accuracy,fgsm_accuracy,learning_rate,images_per_second,seconds"));
        Assert.That(metrics[1].Split(',')[3] != "", Is.EqualTo(method.StartsWith("jarn", StringComparison.Ordinal)),
            "the last step is adversarial for JARN alone");
    }

    [Test]
    public void The_same_seed_gives_the_same_bytes_on_one_thread_and_on_two(
        [ValueSource(typeof(TestMethods), nameof(TestMethods.Names))] string method)
    {
        byte[] Weights(string name, params string[] options) => Model(Train(
            name,
            [
                "--method", method,
                .. HeedingTests.HeededBy(method, "--jarn-from", "0.3", "--training-attack-iterations", "3", "--trades-iterations", "3"),
                "--augmentation", "crop-and-flip", "--limit-train", "48", "--limit-test", "1", "--attacks", "fgsm", .. options,
            ]));
        byte[] one = Weights("one", "--threads", "1");
        Assert.That(Weights("two", "--threads", "2"), Is.EqualTo(one));
        Assert.That(Weights("other", "--seed", "8"), Is.Not.EqualTo(one));
    }

    [Test]
    public void An_augmentation_changes_what_is_trained_on()
    {
        byte[] Weights(string augmentation) => Model(Train(augmentation, "--method", "standard", "--augmentation", augmentation));
        Assert.That(Weights("crop-and-flip"), Is.Not.EqualTo(Weights("none")));
    }

    [Test]
    public void Training_learns_drawn_digits()
    {
        string run = Train("run", "--method", "standard", "--limit-train", "3000", "--limit-test", "200", "--batch-size", "64");
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "results.json")));
        Assert.That(results.RootElement.GetProperty("accuracy").GetProperty("clean").GetDouble(), Is.GreaterThan(80));
    }

    [Test]
    public void Only_the_preset_auto_says_what_the_papers_recipe_would_cost_before_it_trains()
    {
        string Output(string preset) => TestConsole.Output(() => Run(preset, quiet: false, "--method", "standard", "--preset", preset));
        Assert.That(Output("auto"), Does.Match(
            @"preset small \(--preset auto on a CPU\); the paper's recipe, --preset paper, would take about \d+ \w+ here: (?s).*Training"));
        Assert.That(Output("small"), Does.Not.Contain("the paper's recipe").And.Contain("Training"));
    }

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));

    private string Train(string name, params string[] options) => Run(name, quiet: true, options);

    /// <summary>Later options win over the short run's.</summary>
    private string Run(string name, bool quiet, params string[] options)
    {
        string run = Path.Combine(_folder, name);
        Dictionary<string, string> all = new()
        {
            ["--data"] = "sketch",
            ["--device"] = "cpu",
            ["--epochs"] = "1",
            ["--limit-train"] = "96",
            ["--limit-test"] = "10",
            ["--batch-size"] = "16",
            ["--output"] = run,
            ["--report"] = "off",
        };
        for (int i = 0; i < options.Length; i += 2)
        {
            all[options[i]] = options[i + 1];
        }
        Assert.That(CommandLineInterface.Run(
            [.. all.SelectMany(pair => new[] { pair.Key, pair.Value }), .. quiet ? ["--quiet"] : Array.Empty<string>()]), Is.Zero);
        return run;
    }
}
