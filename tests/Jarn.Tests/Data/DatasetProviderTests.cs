using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Data;

/// <summary>A program's own data set, unlike any that is published, goes through all commands.</summary>
[NonParallelizable]
public sealed class DatasetProviderTests
{
    private const int Classes = 300;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Register()
    {
        _folder = new TemporaryFolder();
        Datasets.Register(Tiles.Named);
        Datasets.Register(Tiles.OfPath);
    }

    [TearDown]
    public void Unregister()
    {
        Datasets.Unregister(Tiles.Named);
        Datasets.Unregister(Tiles.OfPath);
        _folder.Dispose();
    }

    [Test]
    public void It_has_three_parts_of_many_classes_and_any_shape()
    {
        Dataset data = Datasets.Load(Datasets.Named("tiles"), new DatasetRequest(DataChoice.Auto, TrainLimit: 5));
        Assert.That((data.Train.Count, data.Validation!.Count, data.Test.Count), Is.EqualTo((5, 6, 7)));
        Assert.That((data.Train.Shape, data.Train.ClassCount), Is.EqualTo((new ImageShape(20, 12, 3), Classes)));
        Assert.That(data.Train.Labels.ToArray(), Is.EqualTo(new[] { 299, 298, 297, 296, 295 }));
        float[] oneHot = new float[Classes];
        data.Train.Fill([0], new float[20 * 12 * 3], oneHot);
        Assert.That(Array.IndexOf(oneHot, 1f), Is.EqualTo(299));
    }

    [Test]
    public void It_is_trained_on_and_evaluated([Values("tiles", "tiles:described only by loading")] string name)
    {
        string run = _folder["run"];
        Succeed(
            "train", "--dataset", name, "--method", "standard", "--preset", "small", "--steps", "1", "--batch-size", "4",
            "--width", "1", "--depth", "8", "--attacks", "fgsm", "--device", "cpu", "--output", run, "--report", "off", "--quiet");
        Succeed("evaluate", "--checkpoint", run, "--attacks", "fgsm", "--device", "cpu", "--quiet");
    }

    [Test]
    public void It_is_verified_and_shown_but_not_fetched()
    {
        Succeed("data", "verify", "tiles");
        Succeed("data", "show", "tiles", "--split", "validation", "--count", "1", "--output", _folder["tiles.png"], "--quiet");
        Assert.That(() => DataCommand.Run(new DataOptions { Action = "fetch", Dataset = "tiles" }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("can't be downloaded"));
        Assert.That(() => Datasets.Named("tiles", extra: true), Throws.TypeOf<UserErrorException>().With.Message.Contains("leave out --extra"));
    }

    [Test]
    public void A_name_near_it_is_asked_back() =>
        Assert.That(() => Datasets.Named("tile"), Throws.TypeOf<UserErrorException>().With.Message.EndsWith("cifar100, tiles; did you mean tiles?"));

    [Test]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Tiles odd = new("odd", isKnown: true) { TestHeight = 19 };
        Assert.That(() => Datasets.Load(odd, new DatasetRequest()),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("20 × 12 × 3 with 300 classes, and others of 19 × 12 × 3"));
    }

    private static void Succeed(params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(arguments);
        Assert.That(exitCode, Is.Zero, error);
    }

    private sealed class Tiles(string name, bool isKnown) : IDatasetProvider
    {
        private readonly string[] _classes = [.. Enumerable.Range(0, Classes).Select(number => $"tile {number}")];

        public static Tiles Named { get; } = new("tiles", isKnown: true);

        public int TestHeight { get; init; } = 20;

        public string Name => name;

        public string Title => "Tiles";

        public static IDatasetProvider? OfPath(string path) =>
            path.StartsWith("tiles:", StringComparison.Ordinal) ? new Tiles(path, isKnown: false) : null;

        public DatasetDescription? Describe() => isKnown ? new DatasetDescription(new ImageShape(20, 12, 3), _classes) : null;

        public Dataset Load(DatasetRequest request) => new("tiles", Part(8, 20), Part(7, TestHeight), "nowhere", [], Validation: Part(6, 20));

        private ImageSet Part(int count, int height)
        {
            byte[] pixels = new byte[count * height * 12 * 3];
            new Random(count).NextBytes(pixels);
            return new ImageSet(pixels, Enumerable.Range(0, count).Select(i => (ushort)(Classes - 1 - i)).ToArray(), height, 12, 3, _classes);
        }
    }
}
