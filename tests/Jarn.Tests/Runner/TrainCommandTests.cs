using System.Text.Json;
using Jarn.Runner.Commands;

namespace Jarn.Tests.Runner;

/// <summary>Short runs on drawn digits, from the command line to the files.</summary>
[NonParallelizable]
public sealed class TrainCommandTests
{
    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("jarn-train-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_run_leaves_its_files_and_says_that_its_digits_are_drawn([Values("standard", "uniform-noise", "jarn")] string method)
    {
        string run = Train("run", "--method", method, "--jarn-from", "0.5");

        Assert.That(Directory.EnumerateFiles(run).Select(Path.GetFileName), Is.EquivalentTo(new[] { "config.json", "metrics.csv", "results.json", "model.safetensors" }));
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "results.json")));
        JsonElement root = results.RootElement;
        Assert.That(root.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[]
        {
            "dataset", "method", "preset", "seed", "device", "train_examples", "test_examples", "parameters", "epsilon", "seconds_total",
            "first_step_seconds", "seconds_per_epoch", "accuracy", "accuracy_interval", "zero_gradient",
        }));
        Assert.That(root.GetProperty("dataset").GetString(), Is.EqualTo("mnist-sketch"));
        Assert.That(root.GetProperty("method").GetString(), Is.EqualTo(method));
        Assert.That(root.GetProperty("train_examples").GetInt32(), Is.EqualTo(96));
        Assert.That(root.GetProperty("parameters").GetInt64(), Is.EqualTo((25 * 64) + 64 + (25 * 64 * 128) + 128 + (25 * 128 * 256) + 256 + 2560 + 10));
        Assert.That(root.GetProperty("accuracy").EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "clean", "fgsm", "pgd5", "pgd40" }));
        string[] metrics = File.ReadAllLines(Path.Combine(run, "metrics.csv"));
        Assert.That(metrics[0], Is.EqualTo("step,epoch,classification_loss,adversarial_loss,clean_accuracy,fgsm_accuracy,images_per_second,seconds"));
        Assert.That(metrics[1].Split(',')[3] != "", Is.EqualTo(method == "jarn"), "the last step is adversarial for JARN alone");
    }

    [Test]
    public void The_same_seed_gives_the_same_bytes_on_one_thread_and_on_two([Values("standard", "jarn")] string method)
    {
        byte[] one = Model(Train("one", "--method", method, "--jarn-from", "0.3", "--threads", "1"));
        byte[] two = Model(Train("two", "--method", method, "--jarn-from", "0.3", "--threads", "2"));
        byte[] other = Model(Train("other", "--method", method, "--jarn-from", "0.3", "--seed", "8"));
        Assert.That(two, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
    }

    [Test]
    public void Training_learns_drawn_digits()
    {
        string run = Train("run", "--method", "standard", "--limit-train", "3000", "--limit-test", "200", "--batch-size", "64");
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "results.json")));
        Assert.That(results.RootElement.GetProperty("accuracy").GetProperty("clean").GetDouble(), Is.GreaterThan(80));
    }

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));

    /// <summary>Later options win over the short run's.</summary>
    private string Train(string name, params string[] options)
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
        };
        for (int i = 0; i < options.Length; i += 2)
        {
            all[options[i]] = options[i + 1];
        }
        Assert.That(CommandLineInterface.Run([.. all.SelectMany(pair => new[] { pair.Key, pair.Value }), "--quiet"]), Is.Zero);
        return run;
    }
}
