using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>
/// Training on few images with FGSM at a large ε overfits catastrophically, and a run says so; with a small ε it does not, and a run is silent.
/// </summary>
public sealed class CatastrophicOverfittingTests
{
    private const int Steps = 160;

    private static readonly Dataset Digits = new(
        "mnist-sketch", DigitSketch.StandIn.Train(400), DigitSketch.StandIn.Test(20), "nowhere", [], "there are none", null);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void It_is_said_at_once_and_in_the_results_however_often_the_run_is_interrupted()
    {
        ToyRun run = new(Options("fgsm-at1", "0.2"), Digits);
        (RunResults whole, string error) = Execute(() => run.Execute(_folder["whole"]));
        CatastrophicOverfitting? overfitting = whole.CatastrophicOverfitting;
        Assert.That(overfitting, Is.Not.Null);
        Assert.That(error, Is.EqualTo($"jarn: {overfitting!.InWords}\n"), "once");
        Assert.That(overfitting.PgdAccuracy, Is.LessThan(overfitting.FgsmAccuracy / 2));
        Assert.That(
            (overfitting.Step % (Steps / 20), overfitting.Epoch, overfitting.Images), Is.EqualTo((0, ((overfitting.Step - 1) / 13) + 1, 100)));
        Assert.That(Remarks.OfRun(whole, run.Configuration, null).First(), Is.EqualTo($"{overfitting.InWords}."));
        Assert.That(File.ReadAllText(_folder["whole/results.json"]),
            Does.Contain("\"catastrophic_overfitting\": {").And.Contain($"\"step\": {overfitting.Step}"));

        using Interruption interruption = new();
        Assert.That(() => Execute(() => run.Execute(_folder["parts"], interruption, new StopsAfter(overfitting.Step + 1, interruption))),
            Throws.InstanceOf<RunInterruptedException>());
        (RunResults parts, string silent) = Execute(() => run.Execute(_folder["parts"]));
        Assert.That(parts.CatastrophicOverfitting, Is.EqualTo(overfitting));
        Assert.That(silent, Is.Empty, "it was said before the interruption");
    }

    [TestCase("fast-at", "0.1")]
    [TestCase("standard", "0.2", Category = TestCategory.Thorough)]
    public void A_method_that_withstands_both_attacks_or_follows_none_raises_no_alarm(string method, string epsilon)
    {
        (RunResults results, string error) = Execute(() => new ToyRun(Options(method, epsilon), Digits).Execute(_folder["run"]));
        Assert.That((results.CatastrophicOverfitting, error), Is.EqualTo(((CatastrophicOverfitting?)null, "")));
    }

    private static TrainOptions Options(string method, string epsilon) => new()
    {
        Method = method,
        Preset = "small",
        Settings =
        {
            ["steps"] = Steps, ["batch-size"] = 32, ["epsilon"] = OptionValue.Epsilon("--epsilon", epsilon), ["attacks"] = new[] { "fgsm" },
        },
        CheckpointEvery = "1h",
    };

    private static (RunResults Results, string Error) Execute(Func<RunResults> run)
    {
        RunResults results = null!;
        string error = TestConsole.Error(() => results = run());
        return (results, error);
    }

    /// <summary>Ctrl-C once so many steps are taken.</summary>
    private sealed class StopsAfter(int step, Interruption interruption) : IDisplay
    {
        public void Track(string title, long total, Action<ProgressUpdate> task) => task((done, _) =>
        {
            if (done >= step)
            {
                interruption.Request(System.Runtime.InteropServices.PosixSignal.SIGINT);
            }
        });

        public void Note(string line)
        {
        }
    }
}
