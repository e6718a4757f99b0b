using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Checkpoints;

/// <summary>An interrupted run comes to the same bytes as an uninterrupted one.</summary>
[Category(TestCategory.Thorough)]
public sealed class ResumeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Runs()
    {
        foreach (string method in TestMethods.Names)
        {
            yield return Case(method, ToyRun.Options(method), ToyRun.Digits);
        }
        TrainOptions momentum = ToyRun.Options("jarn");
        momentum.Settings["optimiser"] = OptimiserKind.Sgd;
        yield return Case("batch norm and momentum", momentum, ToyRun.Colours);
        yield return Case("double precision", ToyRun.Options("jarn"), ToyRun.Colours, DeviceKind.Reference);

        static TestCaseData Case(string name, TrainOptions options, Dataset data, DeviceKind kind = DeviceKind.Cpu) =>
            new TestCaseData(options, data, kind).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Runs))]
    public void Interrupted_after_each_step_a_run_comes_to_the_same_bytes(TrainOptions options, Dataset data, DeviceKind kind)
    {
        ToyRun run = new(options, data, kind);
        RunResults whole = run.Execute(_folder["whole"]);
        Assert.That(run.ExecuteStepByStep(_folder["parts"]), Is.EqualTo(ToyRun.Steps));
        Assert.That(ToyRun.Model(_folder["parts"]), Is.EqualTo(ToyRun.Model(_folder["whole"])));
        Assert.That(ToyRun.Metrics(_folder["parts"]), Is.EqualTo(ToyRun.Metrics(_folder["whole"])));
        RunResults parts = JsonFile.Read<RunResults>(Path.Combine(_folder["parts"], "results.json"));
        Assert.That((parts.Accuracy, parts.GradientEvaluationsPerImage), Is.EqualTo((whole.Accuracy, whole.GradientEvaluationsPerImage)));
        Assert.That(
            Directory.GetFileSystemEntries(_folder["parts"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "config.json", "metrics.csv", "results.json", "model.safetensors" }));
    }

    [Test]
    public void A_run_that_crashes_between_checkpoints_loses_and_doubles_no_row()
    {
        ToyRun run = new(ToyRun.Options("standard", every: "2"));
        run.Execute(_folder["whole"]);
        // Told of step 3, where an epoch ends: the last checkpoint is that of step 2, and the epoch's first row is written.
        Assert.That(() => run.Execute(_folder["crashed"], display: new Crashing(atStep: 3)), Throws.InstanceOf<NotSupportedException>());
        Assert.That(ToyRun.Metrics(_folder["crashed"]), Has.Length.EqualTo(2));
        Assert.That(ToyRun.Checkpoints(_folder["crashed"]), Has.Length.EqualTo(1));
        run.Execute(_folder["crashed"]);
        Assert.That(ToyRun.Metrics(_folder["crashed"]), Is.EqualTo(ToyRun.Metrics(_folder["whole"])).And.Length.EqualTo(5));
        Assert.That(ToyRun.Model(_folder["crashed"]), Is.EqualTo(ToyRun.Model(_folder["whole"])));
    }

    [Test]
    public void A_run_that_crashes_in_its_evaluation_is_not_trained_again()
    {
        ToyRun run = new(ToyRun.Options("standard", every: "1h"));
        Assert.That(() => run.Execute(_folder["run"], display: new Crashing("Attacking")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(ToyRun.Checkpoints(_folder["run"]).Select(Path.GetFileName), Is.EqualTo(new[] { "step-000006.safetensors" }));
        Assert.That(RunOverview.Of(_folder["run"])!.StateInWords, Is.EqualTo("trained, evaluation interrupted"));
        Listening display = new();
        RunResults results = run.Execute(_folder["run"], display: display);
        Assert.That(display.Heard, Is.EqualTo(new[]
        {
            $"Resuming {_folder["run"]}: its 6 training steps are done, the evaluation is not",
            $"standard on mnist-sketch: 10 training and 5 test images from nowhere, on {results.Device}", "Attacking",
        }), "no progress of a training that is done");
        Assert.That(results.Accuracy, Has.Count.EqualTo(2));
        Assert.That(new[] { results.FirstStepSeconds, results.SecondsPerEpoch }, Is.All.Positive);
    }

    [Test]
    public void Only_the_last_checkpoints_are_kept_and_times_add_up()
    {
        TrainOptions options = ToyRun.Options("standard");
        options.KeepCheckpoints = 2;
        ToyRun run = new(options);
        Assert.That(() => run.Execute(_folder["run"], display: new Crashing("Attacking")), Throws.InstanceOf<NotSupportedException>());
        Assert.That(
            ToyRun.Checkpoints(_folder["run"]).Select(Path.GetFileName), Is.EqualTo(new[] { "step-000005.safetensors", "step-000006.safetensors" }));
        RunCost saved = CheckpointFile.Verify(ToyRun.Checkpoints(_folder["run"])[^1]).Cost;
        RunResults results = run.Execute(_folder["run"]);
        Assert.That(saved.TrainingSeconds, Is.Positive);
        Assert.That(results.SecondsTotal, Is.GreaterThan(saved.SecondsTotal));
        Assert.That(results.SecondsPerEpoch, Is.EqualTo(saved.TrainingSeconds / 2).Within(1e-9));
        Assert.That(results.PeakMemoryBytes, Is.GreaterThan(1 << 20).And.GreaterThanOrEqualTo(saved.PeakMemoryBytes));
        Assert.That(results.PeakDeviceBytes, Is.GreaterThan(4 * results.Parameters));
    }

    [Test]
    public void A_run_does_not_go_on_with_other_images_or_settings()
    {
        Assert.That(() => new ToyRun(ToyRun.Options("standard")).Execute(_folder["run"], display: new Crashing("Attacking")),
            Throws.InstanceOf<NotSupportedException>());
        TrainOptions other = ToyRun.Options("standard");
        other.Settings["epsilon"] = 0.1;
        Assert.That(() => new ToyRun(other).Execute(_folder["run"]),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("other images or settings"));
        Dataset fewer = ToyRun.Digits with { Train = ToyRun.Digits.Train.Limit(9) };
        Assert.That(
            () => new ToyRun(ToyRun.Options("standard"), fewer).Execute(_folder["run"]),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("other images or settings"));
    }

    [Test]
    public void Reproduce_goes_on_with_an_interrupted_run_that_nobody_else_writes_to()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        RunIdentity identity = RunIdentity.Of(run.Configuration, ToyRun.Digits);
        RunStore store = new(_folder.Path);
        Assert.That(() => run.Execute(_folder["begun"], display: new Crashing("Attacking")), Throws.InstanceOf<NotSupportedException>());
        using (RunDirectory interrupted = store.Open(identity))
        {
            Assert.That(interrupted.Folder, Is.EqualTo(_folder["begun"]));
            using RunDirectory beside = store.Open(identity);
            Assert.That(Path.GetFileName(beside.Folder), Is.EqualTo(identity.FolderName), "another process has that one");
        }
        using RunDirectory other = store.Open(identity with { Seed = 7 });
        Assert.That(other.Folder, Does.Not.StartWith(_folder["begun"]));
    }

    private sealed class Listening : IDisplay
    {
        public List<string> Heard { get; } = [];

        public void Track(string title, long total, Action<ProgressUpdate> task)
        {
            Heard.Add(title);
            task((_, _) => { });
        }

        public void Note(string line) => Heard.Add(line);
    }

    /// <summary>Throws in the midst of a run, as nothing in it expects.</summary>
    private sealed class Crashing(string? inTask = null, int? atStep = null) : IDisplay
    {
        public void Track(string title, long total, Action<ProgressUpdate> task) => task((done, _) =>
        {
            if (inTask is not null && title.StartsWith(inTask, StringComparison.Ordinal)
                || atStep == done && title.StartsWith("Training", StringComparison.Ordinal))
            {
                throw new NotSupportedException("a crash");
            }
        });

        public void Note(string line)
        {
        }
    }
}
