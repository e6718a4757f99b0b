using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>The data sets themselves, where JARN_DATA or a package has them.</summary>
public class RealDataTests : DatasetTests
{
    [Test]
    public void Reads_the_real_MNIST()
    {
        string folder = RealData();
        Dataset dataset = Load(PublishedDataset.Mnist with { Mirrors = [Dead] }, folder);
        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((60_000, 10_000)));
        Assert.That(dataset.Train.Labels[..10].ToArray(), Is.EqualTo(new byte[] { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 }));
        Assert.That(dataset.Test.Labels[..10].ToArray(), Is.EqualTo(new byte[] { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 }));
        // The mean of the training pixels, as everyone normalises by it: 0.1307.
        Assert.That(ChannelMeans(dataset.Train), Is.EqualTo(new[] { 0.1307 }).Within(5e-5));

        AssertRefused(
            () => PublishedDataset.FashionMnist.Load(new DatasetRequest { Folders = new DataFolders(dataset.Origin, null, Folder["cache"]) }),
            "contains MNIST, not Fashion-MNIST");
    }

    [Test]
    public void The_pins_are_those_of_the_real_MNIST()
    {
        string folder = RealData();
        LocatedFiles? files = new DataLocator(new DataFolders(folder, null, Folder["cache"])).Find(PublishedDataset.Mnist);
        Assume.That(files!.Paths, Has.All.EndsWith(".gz"));
        foreach (string path in files.Paths.OfType<string>())
        {
            Folder.Write(Path.Combine("cache", "mnist", Path.GetFileName(path)), File.ReadAllBytes(path));
        }
        Dataset dataset = Load(PublishedDataset.Mnist with { Mirrors = [Dead] }, DataChoice.Real, trainLimit: 1, testLimit: 1);
        Assert.That(dataset.Origin, Is.EqualTo(Folder["cache/mnist"]));
        foreach ((SourceFile file, FileRead read) in PublishedDataset.Mnist.Files.Zip(dataset.Files))
        {
            Assert.That(new FileInfo(read.Path).Length, Is.EqualTo(file.Length));
        }
    }

    [Test]
    public void Reads_Debians_Fashion_MNIST()
    {
        string folder = PublishedDataset.FashionMnist.SystemFolder!;
        if (!Directory.Exists(folder))
        {
            Assert.Ignore($"Jarn ships no images, and Debian's are not in {folder}: install the package dataset-fashion-mnist, as .ci/run does");
        }
        Dataset dataset = Load(PublishedDataset.FashionMnist with { Mirrors = [Dead] }, DataChoice.Real);
        Assert.That(dataset.Origin, Is.EqualTo(folder));
        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((60_000, 10_000)));
        Assert.That(dataset.Test.Labels[..6].ToArray(), Is.EqualTo(new byte[] { 9, 2, 1, 1, 6, 1 }));
    }

    [Test]
    public void Reads_the_real_CIFAR_10()
    {
        Dataset data = Load(PublishedDataset.Cifar10 with { Mirrors = [Dead] }, RealData());
        Assert.That(data.Test.Count, Is.EqualTo(10_000));
        // As everyone knows them: cat, ship, ship, airplane, frog; frog, truck, truck, deer, automobile.
        Assert.That(data.Test.Labels[..5].ToArray(), Is.EqualTo(new byte[] { 3, 8, 8, 0, 6 }));
        Assert.That(data.Train.Labels[..5].ToArray(), Is.EqualTo(new byte[] { 6, 9, 9, 4, 1 }));
        // Means of the training pixels by channel, as everyone normalises by them: 0.4914, 0.4822, 0.4465.
        double[] means = ChannelMeans(data.Train);
        Assert.That(means, Is.EqualTo(new[] { 0.4914, 0.4822, 0.4465 }).Within(data.Subset is null ? 5e-5 : 3e-3));
    }

    [Test]
    public void Reads_real_SVHN_digits()
    {
        Dataset data = Load(PublishedDataset.Svhn with { Mirrors = [Dead] }, RealData());
        Assert.That(data.Name, Is.EqualTo("svhn"));
        // The first house number is 19, then 23 and 25; the first of the test set is 5, then 210 and 6.
        Assert.That(data.Train.Labels[..6].ToArray(), Is.EqualTo(new byte[] { 1, 9, 2, 3, 2, 5 }));
        Assert.That(data.Test.Labels[..5].ToArray(), Is.EqualTo(new byte[] { 5, 2, 1, 0, 6 }));
        // Means of the training pixels: 0.4377, 0.4438, 0.4728, and of a small subset near them.
        Assert.That(ChannelMeans(data.Train), Is.EqualTo(new[] { 0.4377, 0.4438, 0.4728 }).Within(0.05));
    }

    private Dataset Load(PublishedDataset dataset, string folder) =>
        dataset.Load(new DatasetRequest { Folders = new DataFolders(null, folder, Folder["cache"]) });

    private static double[] ChannelMeans(ImageSet images)
    {
        double[] sums = new double[images.Channels];
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<byte> image = images.Image(i);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                sums[pixel % sums.Length] += image[pixel];
            }
        }
        return [.. sums.Select(sum => sum * sums.Length / 255 / images.PixelsPerImage / images.Count)];
    }

    private static string RealData()
    {
        string? folder = Environment.GetEnvironmentVariable("JARN_DATA");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore(
                "Jarn ships no images, and JARN_DATA names no folder of real ones: set it to one that holds MNIST; drawn files stand in elsewhere");
        }
        return folder!;
    }
}
