using System.Runtime.InteropServices;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;

namespace Jarn.Tests.Checkpoints;

/// <summary>Runs of a few steps on few images, in this process: the last batch of an epoch is smaller than the others.</summary>
/// <param name="options">Options in addition to those that every toy run has.</param>
/// <param name="data">The images; null for drawn digits.</param>
/// <param name="tensorBoard">Whether TensorBoard is to follow.</param>
internal sealed class ToyRun(TrainOptions options, Dataset? data = null, DeviceKind kind = DeviceKind.Cpu, bool tensorBoard = false)
{
    public const int Steps = 6;

    /// <summary>Three batches an epoch, two epochs.</summary>
    private const int Images = 10, TestImages = 5, BatchSize = 4;

    private readonly Dataset _data = data ?? Digits;

    public static Dataset Digits { get; } = Drawn("mnist-sketch", DigitSketch.StandIn.Train(Images), DigitSketch.StandIn.Test(TestImages));

    /// <summary>Noise in colour, small enough for a Wide-ResNet.</summary>
    public static Dataset Colours { get; } = Drawn("cifar10-sketch", Noise(Images, 1), Noise(TestImages, 2));

    public static TrainOptions Options(string method, string every = "1") => new()
    {
        Method = method,
        Preset = "small",
        Settings =
        {
            ["batch-size"] = BatchSize,
            ["epochs"] = 2,
            ["jarn-from"] = 0.3,
            ["discriminator-interval"] = 2,
            ["discriminator-widths"] = new[] { 2, 3 },
            ["training-attack-iterations"] = 2,
            ["trades-iterations"] = 2,
            ["free-replays"] = 4,
            ["augmentation"] = Augmentation.CropAndFlip,
            ["attacks"] = new[] { "fgsm" },
            ["limit-test"] = TestImages,
        },
        LimitTrain = Images,
        CheckpointEvery = every,
    };

    /// <summary>With the network that takes the images.</summary>
    public TrainingConfiguration Configuration { get; } = Resolve(options, (data ?? Digits).Train.Shape, kind);

    /// <summary>Begins the run of a folder, or goes on with it.</summary>
    public RunResults Execute(string folder, Interruption? interruption = null, IDisplay? display = null, int threads = 0)
    {
        using IDevice device = Devices.Open(kind, threads);
        return Execute(folder, device, interruption, display);
    }

    /// <inheritdoc cref="Execute(string, Interruption?, IDisplay?, int)"/>
    public RunResults Execute(string folder, IDevice device, Interruption? interruption = null, IDisplay? display = null)
    {
        using Interruption none = new();
        using RunDirectory directory = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            ? RunDirectory.Resume(folder) : RunDirectory.Create(folder, _data.Name, Configuration.Method, DateTime.Now);
        using IRunFollower follower = new RunOutputs(Report: false, tensorBoard).Follow(directory);
        return new TrainingRun(Configuration, device, _data, directory, display ?? Display.For(quiet: true), interruption ?? none, follower)
            .Execute();
    }

    /// <summary>One step, then Ctrl-C; again and again until all steps are taken and the run comes to its end.</summary>
    /// <returns>How often it was interrupted.</returns>
    public int ExecuteStepByStep(string folder)
    {
        for (int interruptions = 0; ; interruptions++)
        {
            using Interruption interruption = new();
            if (interruptions < Steps)
            {
                interruption.Request(PosixSignal.SIGINT);
            }
            try
            {
                // Any number of threads gives the same bits.
                Execute(folder, interruption, threads: 1 + (interruptions % 2));
                return interruptions;
            }
            catch (RunInterruptedException exception)
            {
                Assert.That(exception.ExitCode, Is.EqualTo(130));
                string when = interruptions + 1 == Steps
                    ? "after the training, before the evaluation"
                    : $"after step {interruptions + 1} of {Steps}";
                Assert.That(
                    exception.Message,
                    Is.EqualTo($"interrupted {when}; everything so far is saved. To resume: jarn train --resume {folder}"));
            }
        }
    }

    /// <summary>So many steps of a run that then is interrupted.</summary>
    /// <returns>The checkpoints that it leaves.</returns>
    public string[] Interrupt(string folder, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            using Interruption interruption = new();
            interruption.Request(PosixSignal.SIGTERM);
            Assert.That(
                () => Execute(folder, interruption),
                Throws.InstanceOf<RunInterruptedException>().With.Property(nameof(RunInterruptedException.ExitCode)).EqualTo(143));
        }
        return Checkpoints(folder);
    }

    /// <inheritdoc cref="TestConsole.Said"/>
    public static string Said(Action action) => TestConsole.Said(action);

    public static byte[] Model(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));

    /// <summary>Without the columns of times.</summary>
    public static string[] Metrics(string folder) =>
        [.. File.ReadAllLines(Path.Combine(folder, "metrics.csv")).Select(line => string.Join(',', line.Split(',')[..^2]))];

    public static string[] Checkpoints(string folder) => Directory.Exists(Path.Combine(folder, "checkpoints"))
        ? [.. Directory.GetFileSystemEntries(Path.Combine(folder, "checkpoints")).Order(StringComparer.Ordinal)] : [];

    private static Dataset Drawn(string name, ImageSet train, ImageSet test) => new(name, train, test, "nowhere", [], "there are none", null);

    private static ImageSet Noise(int count, int seed)
    {
        byte[] pixels = new byte[count * 8 * 8 * 3];
        new Random(seed).NextBytes(pixels);
        return new ImageSet(pixels, Enumerable.Range(0, count).Select(i => (byte)(i % 4)).ToArray(), 8, 8, 3, ["a", "b", "c", "d"]);
    }

    private static TrainingConfiguration Resolve(TrainOptions options, ImageShape image, DeviceKind kind)
    {
        TrainingConfiguration configuration = options.Resolve(kind);
        return configuration with { Recipe = configuration.Recipe with { Network = NetworkDefinition.For(image).Small } };
    }
}
