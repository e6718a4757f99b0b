using System.Globalization;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Reporting.TensorBoard;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;
using Jarn.Tests.Peers;

namespace Jarn.Tests.Reports.TensorBoard;

/// <summary>What TensorBoard is given of a run is what the run's other files say, however the run came to its end.</summary>
public sealed class RunEventsTests
{
    private static readonly ToyRun Run = new(ToyRun.Options("jarn"), tensorBoard: true);

    private TemporaryFolder _whole = null!, _folder = null!;

    [OneTimeSetUp]
    public void MakeUninterruptedRun()
    {
        _whole = new TemporaryFolder();
        Run.Execute(_whole["run"]);
    }

    [OneTimeTearDown]
    public void DeleteUninterruptedRun() => _whole.Dispose();

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_readers_checksum_is_the_published_one() => Assert.That(EventReader.Crc("123456789"u8), Is.EqualTo(0xe3069283));

    [Test]
    public void Show_every_value_of_the_metrics_once_and_what_the_run_came_to()
    {
        RunResults results = Run.Execute(_folder["run"]);
        RunDirectory directory = RunDirectory.Existing(_folder["run"]);
        GridImage picture = GridImage.FromFloats(2, 3, 3, new float[18]);
        RunEvents.Write(
            directory, results, [new Specimen(4, "seven", picture, picture, picture, picture, null, new Verdict("7", 1), new Verdict("1", 1))]);

        IReadOnlyList<ShownEvent> events = EventReader.Read(EventReader.PathIn(_folder["run"]));
        (long, string, float?)[] shown = [.. events.SelectMany(item => item.Values.Select(value => (item.Step, value.Tag, value.Scalar)))];
        Assert.That(shown, Is.Unique);
        (long, string, float?)[] expected =
        [
            .. Rows().Distinct(),
            .. results.Accuracy.Select(figure => ((long)ToyRun.Steps, $"final_accuracy/{figure.Key}", (float?)figure.Value)),
            .. results.ZeroGradient.Select(figure => ((long)ToyRun.Steps, $"final_zero_gradient/{figure.Key}", (float?)figure.Value)),
            .. new[] { "image", "jacobian", "perturbation", "adversarial" }.Select(group => ((long)ToyRun.Steps, $"{group}/seven", (float?)null)),
        ];
        Assert.That(shown, Is.EqualTo(expected));
        Assert.That(shown.Select(value => value.Item2),
            Is.SupersetOf(new[] { "train/adversarial_loss", "train/learning_rate", "test/fgsm_accuracy", "progress/epoch" }));
        (int height, int width, int channels, byte[] png) = events[^1].Values[0].Image!.Value;
        Assert.That((height, width, channels), Is.EqualTo((2, 3, 3)));
        Assert.That(png, Is.EqualTo(picture.ToPng()));

        RunConfiguration configuration = RunConfiguration.Read(directory.Config);
        double begin = configuration.Begun!.Value.ToUnixTimeSeconds();
        Assert.That(Path.GetFileName(EventReader.PathIn(_folder["run"])),
            Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{begin}.jarn")));
        Assert.That((events[0].Version, events[0].WallTime), Is.EqualTo(("brain.Event:2", begin)));
        Assert.That(events.Select(item => item.WallTime - begin), Is.All.InRange(0, results.SecondsTotal + 1e-3));
        Assert.That(events.Select(item => item.WallTime), Is.Ordered);

        IEnumerable<(long, string, float?)> Rows()
        {
            string[] lines = File.ReadAllLines(directory.Metrics), columns = lines[0].Split(',');
            HashSet<(string, string)> said = [];
            foreach (string[] cells in lines[1..].Select(line => line.Split(',')))
            {
                foreach ((string column, string cell) in columns.Zip(cells).Skip(1)
                    .Where(pair => pair.Second != "" && said.Add((cells[0], pair.First))))
                {
                    string group = column.EndsWith("_loss", StringComparison.Ordinal) || column == "learning_rate" ? "train"
                        : column.EndsWith("_accuracy", StringComparison.Ordinal) ? "test" : "progress";
                    yield return (long.Parse(cells[0], CultureInfo.InvariantCulture), $"{group}/{column}",
                        float.Parse(cell, CultureInfo.InvariantCulture));
                }
            }
        }
    }

    [Test]
    public void Of_an_interrupted_run_are_those_of_an_uninterrupted_one()
    {
        Run.ExecuteStepByStep(_folder["parts"]);
        Assert.That(EventReader.Scalars(_folder["parts"]), Is.EqualTo(EventReader.Scalars(_whole["run"])).And.Not.Empty);
    }

    [Test]
    public void Are_the_same_bytes_whether_they_followed_the_training_or_are_made_of_its_files_later()
    {
        Run.Interrupt(_folder["run"], steps: 5);
        RunDirectory directory = RunDirectory.Existing(_folder["run"]);
        // Of a long run: metrics.csv rounds to float32, and here that moves the time by almost a millisecond.
        MetricsRow row = new()
        {
            Step = 6,
            Epoch = 2,
            ClassificationLoss = 1.0 / 3,
            LearningRate = 1e-4,
            ImagesPerSecond = 98.7654321,
            Seconds = 12345.6789,
        };
        using (RunEvents events = RunEvents.Open(directory))
        using (MetricsCsv metrics = MetricsCsv.Continue(directory.Metrics, 5))
        {
            metrics.Append(row);
            events.Append(row);
        }
        string path = EventReader.PathIn(_folder["run"]);
        byte[] followed = File.ReadAllBytes(path);
        File.Delete(path);
        RunEvents.Open(directory).Dispose();
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(followed));
        Assert.That(EventReader.Read(path), Has.Count.GreaterThan(2));
    }

    [TestCase(-3)]
    [TestCase(30)]
    [TestCase(5000)]
    public void Are_mended_when_a_run_goes_on_that_was_killed_while_it_wrote(int more)
    {
        Run.Interrupt(_folder["run"], steps: 4);
        string path = EventReader.PathIn(_folder["run"]);
        byte[] left = File.ReadAllBytes(path);
        File.WriteAllBytes(path, more < 0 ? left[..^(-more)] : [.. left, .. new byte[more]]);
        Run.Execute(_folder["run"]);
        Assert.That(EventReader.Scalars(_folder["run"]), Is.EqualTo(EventReader.Scalars(_whole["run"])));
    }

    [Test]
    public void Can_be_read_on_in_an_open_file_when_a_run_goes_on_and_ends()
    {
        Run.Interrupt(_folder["run"], steps: 4);
        using FileStream open = new(EventReader.PathIn(_folder["run"]), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using MemoryStream read = new();
        open.CopyTo(read);
        int before = EventReader.Read(read.ToArray()).Count;
        Run.Execute(_folder["run"]);
        open.CopyTo(read);
        IReadOnlyList<ShownEvent> events = EventReader.Read(read.ToArray());
        Assert.That(events, Has.Count.GreaterThan(before));
        Assert.That(read.ToArray(), Is.EqualTo(File.ReadAllBytes(EventReader.PathIn(_folder["run"]))));
        Assert.That(events[^1].Values[0].Tag, Is.EqualTo("final_accuracy/clean"));
    }

    [Test]
    public void Of_a_run_that_was_killed_before_its_first_checkpoint_are_in_one_file()
    {
        Run.Interrupt(_folder["run"], steps: 3);
        Directory.Delete(Path.Combine(_folder["run"], "checkpoints"), recursive: true);
        RunDirectory directory = RunDirectory.Existing(_folder["run"]);
        RunConfiguration configuration = RunConfiguration.Read(directory.Config);
        File.Delete(EventReader.PathIn(_folder["run"]));
        JsonFile.Write(directory.Config, configuration with { Begun = configuration.Begun!.Value.AddHours(-1) });
        RunEvents.Open(directory).Dispose();
        Run.Execute(_folder["run"]);
        Assert.That(EventReader.Scalars(_folder["run"]), Is.EqualTo(EventReader.Scalars(_whole["run"])));
    }

    [Test]
    public void Are_left_out_where_they_are_not_wanted()
    {
        new ToyRun(ToyRun.Options("standard")).Execute(_folder["run"]);
        Assert.That(Directory.GetFiles(_folder["run"], "*tfevents*"), Is.Empty);
        Assert.That(
            () => new TrainOptions { TensorBoard = "perhaps" }.Outputs,
            Throws.TypeOf<Jarn.Runner.UserErrorException>().With.Message.EqualTo("--tensorboard is perhaps: give on or off"));
    }

    /// <summary>JARN learns at a lower rate from its first step on, and any method after a drop.</summary>
    [Test]
    public void Give_the_learning_rate_that_a_step_was_made_with()
    {
        TrainOptions options = ToyRun.Options("jarn");
        (options.Settings["learning-rate"], options.Settings["learning-rate-drops"]) = (0.0005, new[] { 0.75 });
        (options.Settings["jarn-from"], options.Settings["jarn-learning-rate-factor"], options.Settings["epochs"]) = (0.5, 0.25, 4);
        new ToyRun(options, tensorBoard: true).Execute(_folder["run"]);
        Assert.That(
            EventReader.Scalars(_folder["run"]).Where(value => value.Tag == "train/learning_rate").Select(value => (value.Step, value.Scalar)),
            Is.EqualTo(new (long, float?)[] { (3, 5e-4f), (6, 5e-4f), (9, 1.25e-4f), (12, 1.25e-5f) }));
    }

    /// <summary>The last judge is TensorBoard itself.</summary>
    [Test]
    public void Are_read_by_TensorBoard()
    {
        string python = Python.With("tensorboard.backend.event_processing.event_file_loader", "TensorBoard");
        string path = EventReader.PathIn(_whole["run"]);
        (int exitCode, string output) = Python.Execute(python, Python.Script("tensorboard_events.py"), path);
        Assert.That(exitCode, Is.Zero, output);
        string[] expected = [.. EventReader.Read(path).SelectMany(item => item.Values.Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{item.Step} {value.Tag} {BitConverter.SingleToUInt32Bits(value.Scalar!.Value):x8}")))];
        Assert.That(output.TrimEnd().Split('\n'), Is.EqualTo(expected));
    }
}
