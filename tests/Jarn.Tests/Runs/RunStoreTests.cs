using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runs;

public sealed class RunStoreTests
{
    private static readonly TrainingConfiguration Configuration =
        new TrainOptions { Settings = { ["learning-rate-drops"] = new[] { 0.5, 0.75 } } }.Resolve(DeviceKind.Cpu);

    private TemporaryFolder _folder = null!;

    private Dataset Drawn { get; } = Images("mnist-sketch");

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private static IEnumerable<TestCaseData> SameExperiments()
    {
        yield return Case("as it was", run => run);
        yield return Case("another device", run => run with { Device = DeviceKind.Cuda, Threads = 7, Winograd = false });
        yield return Case("another folder of the same data", run => run with { DataDirectory = "/elsewhere", Data = DataChoice.Sketch });
        yield return Case("the values of a preset, given by hand",
            run => run with { Preset = Preset.Paper, Recipe = run.Recipe with { LearningRateDrops = [0.5, 0.75] } });
        yield return Case("other attacks", run => run with { Recipe = run.Recipe with { Attacks = ["pgd7"] } });
        yield return Case(
            "what other methods heed", run => run with { Recipe = run.Recipe.Override(new Dictionary<string, object?> { ["trades-beta"] = 2.0 }) });
        yield return Case("fewer test images", run => run with { Recipe = run.Recipe with { LimitTest = 3 } });
    }

    private static IEnumerable<TestCaseData> OtherExperiments()
    {
        yield return Case("method", run => run with { Recipe = run.Recipe with { Method = new StandardSettings() } });
        yield return Case("seed", run => run with { Seed = 1 });
        yield return Case("ε", run => run with { Recipe = run.Recipe with { ThreatModel = ThreatModel.LInf(0.2) } });
        yield return Case("epochs", run => run with { Recipe = run.Recipe with { Epochs = 3 } });
        yield return Case("steps for epochs", run => run with { Recipe = run.Recipe with { Epochs = null, Steps = 3 } });
        yield return Case("learning-rate drops", run => run with { Recipe = run.Recipe with { LearningRateDrops = [0.5, 0.8] } });
        yield return Case("discriminator", run => run with { Recipe = run.Recipe with { Method = new JarnSettings { DiscriminatorWidths = [64] } } });
        yield return Case(
            "activation", run => run with { Recipe = run.Recipe with { Network = new MnistCnnSettings { Activation = Activation.Silu } } });
        yield return Case("input scale", run => run with { Recipe = run.Recipe with { InputScale = 255 } });
    }

    /// <summary>A finished run of one method is found again by a command whose options concern others of its methods.</summary>
    [Test]
    public void What_a_method_uses_makes_another_run_of_it_and_what_it_does_not_use_makes_none()
    {
        string Fingerprint(string method, params (string Option, object? Value)[] settings) => RunIdentity.Of(Configuration with
        {
            Recipe = TrainingConfiguration.PresetRecipe(Preset.Small, "mnist", method)
                .Override(settings.ToDictionary(pair => pair.Option, pair => pair.Value)),
        }, Drawn).Fingerprint;
        (string, object?)[] settings = [("lambda-adv", 7.0), ("training-attack-iterations", 3), ("trades-beta", 2.0), ("width", 5)];
        Assert.That(Fingerprint("standard", settings), Is.EqualTo(Fingerprint("standard")));
        foreach ((string method, int used) in new[] { ("jarn", 0), ("pgd-at7", 1), ("trades", 2) })
        {
            Assert.That(Fingerprint(method, settings), Is.EqualTo(Fingerprint(method, settings[used])).And.Not.EqualTo(Fingerprint(method)), method);
        }
    }

    [TestCaseSource(nameof(SameExperiments))]
    public void A_run_is_found_again(Func<TrainingConfiguration, TrainingConfiguration> change)
    {
        string folder = Finish(Configuration, Drawn);
        FinishedRun? found = new RunStore(_folder.Path).Find(RunIdentity.Of(change(Configuration), Drawn));
        Assert.That(found?.Directory.Folder, Is.EqualTo(folder));
        Assert.That(found!.Configuration.Options.Recipe.LearningRateDrops, Is.EqualTo(Configuration.Recipe.LearningRateDrops));
    }

    [TestCaseSource(nameof(OtherExperiments))]
    public void A_run_is_not_taken_for_one_of_another(Func<TrainingConfiguration, TrainingConfiguration> change)
    {
        Finish(Configuration, Drawn);
        Assert.That(new RunStore(_folder.Path).Find(RunIdentity.Of(change(Configuration), Drawn)), Is.Null);
    }

    [Test]
    public void A_run_is_not_taken_for_one_on_other_images()
    {
        Dataset real = Images("mnist", "11", "22");
        Finish(Configuration, real);
        RunStore store = new(_folder.Path);
        Assert.That(store.Find(RunIdentity.Of(Configuration, real)), Is.Not.Null);
        foreach (Dataset other in new[] { Drawn, Images("mnist", "11", "23"), real with { Train = real.Train.Limit(7) } })
        {
            Assert.That(store.Find(RunIdentity.Of(Configuration, other)), Is.Null);
        }
        Assert.That(store.Find(RunIdentity.Of(Configuration, real with { Test = real.Test.Limit(3), Origin = "elsewhere" })), Is.Not.Null);
    }

    [TestCase("config.json", null)]
    [TestCase("config.json", "{}")]
    [TestCase("results.json", null)]
    [TestCase("results.json", "{\"dataset\": \"mnist\"")]
    [TestCase("model.safetensors", null)]
    [TestCase("model.safetensors", "half a mod")]
    public void An_unfinished_or_damaged_run_is_left_alone_and_made_anew_beside_it(string file, string? content)
    {
        string folder = Finish(Configuration, Drawn);
        File.Delete(Path.Combine(folder, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }
        string[] before = Directory.GetFiles(folder);

        RunStore store = new(_folder.Path);
        RunIdentity identity = RunIdentity.Of(Configuration, Drawn);
        Assert.That(store.Find(identity), Is.Null);
        using RunDirectory beside = store.Open(identity);
        Assert.That(beside.Folder, Is.EqualTo($"{folder}-2"));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(before));
    }

    [Test]
    public void A_run_is_found_under_any_name_and_as_soon_as_it_has_ended()
    {
        RunStore store = new(_folder["absent"]);
        RunIdentity identity = RunIdentity.Of(Configuration, Drawn);
        Assert.That(store.Find(identity), Is.Null);
        using RunDirectory directory = store.Open(identity);
        Assert.That(Path.GetFileName(directory.Folder), Is.EqualTo($"mnist-sketch-jarn-seed0-{identity.Fingerprint[..10]}"));
        Write(directory, Configuration, Drawn);
        store.Add(directory);
        Assert.That(store.Find(identity)?.Directory, Is.SameAs(directory));
        Directory.Move(directory.Folder, _folder["absent/renamed"]);
        Assert.That(new RunStore(_folder["absent"]).Find(identity)?.Directory.Folder, Is.EqualTo(_folder["absent/renamed"]));
    }

    [Test]
    public void Measurements_are_those_of_the_run_and_those_made_later()
    {
        Finish(Configuration, Drawn);
        FinishedRun run = new RunStore(_folder.Path).Finished.Single();
        MeasurementKey fgsm = new("fgsm", 0.3, 0, 20, BatchStatistics.Running, 1, null);
        Measurements measurements = new(run);
        Assert.That(measurements.Find(fgsm), Is.EqualTo(new Measurement(fgsm, 55, new Interval(34, 74), 5)));
        Assert.That(measurements.Find(new("clean", 0, 0, 20, BatchStatistics.Running, 1, null))?.Accuracy, Is.EqualTo(90));
        MeasurementKey[] others =
        [
            fgsm with { Attack = "pgd5" }, fgsm with { Epsilon = 0.2 }, fgsm with { Seed = 1 }, fgsm with { Images = 19 },
            fgsm with { BnMode = BatchStatistics.Batch }, fgsm with { Restarts = 2 }, fgsm with { Source = "abc" },
        ];
        foreach (MeasurementKey other in others)
        {
            Assert.That(measurements.Find(other), Is.Null);
            measurements.Add(new Measurement(other, 10, new Interval(3, 30), 0));
        }
        Measurements again = new(run);
        Assert.That(others.Select(again.Find), Is.EqualTo(others.Select(measurements.Find)).And.All.Not.Null);
    }

    [Test]
    public void A_damaged_evaluations_file_is_a_sentence()
    {
        File.WriteAllText(Path.Combine(Finish(Configuration, Drawn), "evaluations.json"), "[{]");
        FinishedRun run = new RunStore(_folder.Path).Finished.Single();
        Assert.That(() => new Measurements(run), Throws.TypeOf<UserErrorException>().With.Message.Contains("evaluations.json is damaged: delete it"));
    }

    private static TestCaseData Case(string name, Func<TrainingConfiguration, TrainingConfiguration> change) =>
        new TestCaseData(change).SetArgDisplayNames(name);

    private static Dataset Images(string name, params string[] checksums) => new(
        name, DigitSketch.StandIn.Train(10), DigitSketch.StandIn.Test(20), "", [.. checksums.Select(sha256 => new FileRead("/data", sha256, null))],
        checksums.Length == 0 ? "there are none" : null, null);

    private string Finish(TrainingConfiguration configuration, Dataset data)
    {
        using RunDirectory directory = new RunStore(_folder.Path).Open(RunIdentity.Of(configuration, data));
        Write(directory, configuration, data);
        return directory.Folder;
    }

    private static void Write(RunDirectory directory, TrainingConfiguration configuration, Dataset data)
    {
        JsonFile.Write(
            directory.Config, new RunConfiguration(configuration, Versions.Current, "cpu: some", data.Name, data.StandInReason, data.Files));
        JsonFile.Write(directory.Results, new RunResults(
            data.Name, configuration.Method, configuration.Preset, configuration.Seed, "cpu: some", data.Train.Count, data.Test.Count, 1,
            0.3, 1, 1, 1, 1, new Dictionary<string, double> { ["clean"] = 90, ["fgsm"] = 55 },
            new Dictionary<string, Interval> { ["clean"] = new(70, 97), ["fgsm"] = new(34, 74) },
            new Dictionary<string, double> { ["fgsm"] = 5 }));
        SafeTensors.Write(directory.Model, [new NamedTensor("w", [2], [1, 2])], new Dictionary<string, string>());
    }
}
