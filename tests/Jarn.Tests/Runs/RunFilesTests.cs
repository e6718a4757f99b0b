using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runs;

public class RunFilesTests
{
    private static readonly DateTime _start = new(2025, 3, 4, 5, 6, 7);

    private const string Header =
        "step,epoch,classification_loss,adversarial_loss,clean_accuracy,fgsm_accuracy,learning_rate,images_per_second,seconds";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void An_atomic_file_is_new_or_old_and_never_half()
    {
        AtomicFile.Write(_folder["f"], stream => stream.Write("old"u8));
        AtomicFile.Write(_folder["f"], stream => stream.Write("new"u8));
        Assert.That(File.ReadAllText(_folder["f"]), Is.EqualTo("new"));
        Assert.That(
            () => AtomicFile.Write(_folder["f"], stream =>
            {
                stream.Write("half"u8);
                Assert.That(File.ReadAllText(_folder["f"]), Is.EqualTo("new"));
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);
        Assert.That(File.ReadAllText(_folder["f"]), Is.EqualTo("new"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_atomic_file_that_cannot_be_is_a_sentence_and_leaves_nothing()
    {
        Directory.CreateDirectory(_folder["folder"]);
        foreach (string path in new[] { _folder["absent/f"], _folder["folder"] })
        {
            Assert.That(
                () => AtomicFile.Write(path, stream => stream.WriteByte(1)),
                Throws.TypeOf<UserErrorException>().With.Message.Contains($"cannot write {path}"));
        }
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _folder["folder"] }));
    }

    private sealed record Sample(string Dataset, int TrainExamples, double? SecondsTotal, Dictionary<string, double> Accuracy);

    [Test]
    public void Json_is_indented_with_snake_case_keys()
    {
        Sample sample = new("mnist", 60_000, null, new() { ["clean"] = 0.5, ["pgd5"] = double.NaN });
        JsonFile.Write(_folder["r.json"], sample);
        Assert.That(File.ReadAllText(_folder["r.json"]), Is.EqualTo(
            """
            {
              "dataset": "mnist",
              "train_examples": 60000,
              "seconds_total": null,
              "accuracy": {
                "clean": 0.5,
                "pgd5": "NaN"
              }
            }

            """.ReplaceLineEndings("\n")));
        Sample read = JsonFile.Read<Sample>(_folder["r.json"]);
        Assert.That(read.Accuracy, Is.EqualTo(sample.Accuracy));
        Assert.That(read with { Accuracy = sample.Accuracy }, Is.EqualTo(sample));
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{"dataset": 7}""")]
    [TestCase("""{"dataset": "mnist"}""")]
    public void Bad_json_is_a_sentence(string content)
    {
        File.WriteAllText(_folder["r.json"], content);
        Assert.That(() => JsonFile.Read<Sample>(_folder["r.json"]), Throws.TypeOf<UserErrorException>().With.Message.Contains("r.json"));
    }

    [Test]
    public void Metrics_can_be_read_as_they_grow()
    {
        MetricsRow[] rows =
        [
            new() { Step = 1, Epoch = 1, ClassificationLoss = 0.1f, Seconds = 2.5 },
            new() { Step = 20_000_000, Epoch = 2, AdversarialLoss = double.NaN, CleanAccuracy = 100 },
        ];
        using MetricsCsv metrics = MetricsCsv.Continue(_folder["m.csv"], steps: 0);
        metrics.Append(rows[0]);
        Assert.That(Lines(), Is.EqualTo(new[] { Header, "1,1,0.1,,,,,,2.5" }));
        metrics.Append(rows[1]);
        Assert.That(Lines()[^1], Is.EqualTo("20000000,2,,NaN,100,,,,"));
        Assert.That(MetricsCsv.Read(_folder["m.csv"]), Is.EqualTo(new[] { rows[0] with { ClassificationLoss = 0.1 }, rows[1] }));

        string[] Lines()
        {
            using StreamReader reader = new(new FileStream(_folder["m.csv"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [Test]
    public void Metrics_go_on_after_a_step_without_what_came_later()
    {
        using (MetricsCsv metrics = MetricsCsv.Continue(_folder["m.csv"], steps: 0))
        {
            foreach (int step in new[] { 1, 2, 2, 3 })
            {
                metrics.Append(new MetricsRow { Step = step, Seconds = 7 });
            }
        }
        File.AppendAllText(_folder["m.csv"], "4,0.");
        using (MetricsCsv metrics = MetricsCsv.Continue(_folder["m.csv"], steps: 2))
        {
            metrics.Append(new MetricsRow { Step = 3, Seconds = 9 });
            metrics.FlushToDisk();
        }
        Assert.That(File.ReadAllText(_folder["m.csv"]), Is.EqualTo($"{Header}\n1,,,,,,,,7\n2,,,,,,,,7\n2,,,,,,,,7\n3,,,,,,,,9\n"));
        AssertRefused($"{Header},more\n", "other columns");
        AssertRefused($"{Header}\n1,,,,,,,,7\nx,,,,,,,,7\n", "line 3 of");
        File.WriteAllText(_folder["m.csv"], "st");
        MetricsCsv.Continue(_folder["m.csv"], 2).Dispose();
        Assert.That(File.ReadAllText(_folder["m.csv"]), Is.EqualTo($"{Header}\n"));

        void AssertRefused(string content, string sentence)
        {
            File.WriteAllText(_folder["m.csv"], content);
            Assert.That(() => MetricsCsv.Continue(_folder["m.csv"], 2), Throws.InstanceOf<UserErrorException>().With.Message.Contains(sentence));
        }
    }

    [Test]
    public void Metrics_of_another_version_can_be_read()
    {
        File.WriteAllText(_folder["m.csv"], "step,gone,seconds\n5,2,3\n");
        Assert.That(MetricsCsv.Read(_folder["m.csv"]), Is.EqualTo(new[] { new MetricsRow { Step = 5, Seconds = 3 } }));
    }

    [Test]
    public void A_run_directory_is_named_by_what_runs_and_when()
    {
        string[] expected = ["mnist-jarn-20250304-050607", "mnist-jarn-20250304-050607-2", "mnist-jarn-20250304-050607-3"];
        foreach (string name in expected)
        {
            using RunDirectory run = RunDirectory.Create(null, "mnist", "jarn", _start, _folder["runs"]);
            Assert.That(run.Folder, Is.EqualTo(_folder[$"runs/{name}"]));
            Assert.That(Directory.GetFileSystemEntries(run.Folder).Select(Path.GetFileName), Is.EqualTo(new[] { ".lock" }));
            Assert.That(run.Model, Is.EqualTo(Path.Combine(run.Folder, "model.safetensors")));
        }
    }

    [Test]
    public void A_run_directory_overwrites_nothing()
    {
        Directory.CreateDirectory(_folder["empty"]);
        using (RunDirectory run = RunDirectory.Create(_folder["empty"], "mnist", "jarn", _start))
        {
            Assert.That(run.Folder, Is.EqualTo(_folder["empty"]));
        }
        _folder.Write("full/file", [1]);
        foreach (string bad in new[] { "full", "full/file", "full/file/below" })
        {
            Assert.That(
                () => RunDirectory.Create(_folder[bad], "mnist", "jarn", _start),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("--output"), bad);
        }
    }
}
