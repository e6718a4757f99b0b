using System.Formats.Tar;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>Data sets of several files, whole or in part, as they may lie in a folder.</summary>
public class LayoutTests : DatasetTests
{
    private static readonly PublishedDataset _svhn = PublishedDataset.Svhn with { TrainCount = 6, TestCount = 4, Mirrors = [Dead] };
    private static readonly PublishedDataset _cifar = PublishedDataset.Cifar10 with { TrainCount = 10, TestCount = 2, Mirrors = [Dead] };

    [Test]
    public void Reads_SVHN_packed_or_not([Values] bool packed, [Values("", "svhn")] string subfolder)
    {
        PutSvhn(Path.Combine("given", subfolder), train: 6, test: 4, packed);
        Dataset data = Load(_svhn, given: "given");
        Assert.That((data.Name, data.Train.Count, data.Test.Count, data.Subset, data.IsStandIn), Is.EqualTo(("svhn", 6, 4, (string?)null, false)));
        Assert.That(data.Files.Select(file => file.IsPublished), Has.All.EqualTo(packed ? null : (bool?)false));
    }

    [Test]
    public void A_subset_is_real_and_says_how_much_it_is()
    {
        PutSvhn("given", train: 5, test: 3);
        Dataset data = Load(PublishedDataset.Svhn, given: "given", trainLimit: 2);
        Assert.That(data.Subset, Is.EqualTo("5 of 73 257 training images, 3 of 26 032 test images"));
        Assert.That((data.Name, data.Train.Count, data.IsStandIn), Is.EqualTo(("svhn", 2, false)));
        Assert.That(Load(_svhn with { TrainCount = 4, TestCount = 3 }, given: "given").Subset, Is.EqualTo("5 instead of 4 training images"));
    }

    [Test]
    public void Extra_digits_join_the_training_images()
    {
        PutSvhn("given", train: 5, test: 3);
        AssertRefused(() => Load(_svhn.IncludingExtra() with { Mirrors = [Dead] }, given: "given"), "extra_32x32.mat is missing");
        Folder.Write("given/extra_32x32.mat", MatFiles.Svhn(20));
        Dataset data = Load(_svhn.IncludingExtra(), given: "given");
        Assert.That((data.Name, data.Train.Count, data.Subset), Is.EqualTo(("svhn", 25, "25 of 604 388 training images, 3 of 26 032 test images")));
        Assert.That(data.Train.Image(5).SequenceEqual(data.Train.Image(0)), Is.True, "both files begin with the same image");
        Assert.That(() => _cifar.IncludingExtra(), Throws.TypeOf<Jarn.Runner.UserErrorException>().With.Message.Contains("which is for svhn"));
    }

    [Test]
    public void CIFAR_10_is_the_same_from_its_archive_and_unpacked(
        [Values] bool packed, [Values("", "cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin")] string subfolder)
    {
        PutCifar(Path.Combine("given", subfolder), packed, CifarFiles.Names);
        Folder.Write("cache/cifar10/cifar-10-binary.tar.gz", Packed());
        Dataset unpacked = Load(_cifar, given: "given");
        Dataset archive = Load(_cifar with { Files = [IdxFiles.Pinned("cifar-10-binary.tar.gz", Packed())] });
        Assert.That((unpacked.Train.Count, unpacked.Subset, archive.Subset), Is.EqualTo((10, (string?)null, (string?)null)));
        Assert.That(archive.Origin, Is.EqualTo(Folder["cache/cifar10"]));
        Assert.That(archive.Files.Single().IsPublished, Is.True);
        foreach ((ImageSet one, ImageSet other) in new[] { (unpacked.Train, archive.Train), (unpacked.Test, archive.Test) })
        {
            Assert.That(one.Labels.SequenceEqual(other.Labels), Is.True);
            for (int i = 0; i < one.Count; i++)
            {
                Assert.That(one.Image(i).SequenceEqual(other.Image(i)), Is.True);
            }
        }
    }

    [Test]
    public void Some_batches_of_CIFAR_10_are_a_subset()
    {
        PutCifar("environment/cifar10", packed: true, "data_batch_1.bin", "data_batch_3.bin", "test_batch.bin");
        Dataset data = Load(_cifar, environment: "environment", trainLimit: 3);
        Assert.That(data.Subset, Is.EqualTo("4 of 10 training images"));
        Assert.That(data.Train.Labels.ToArray(), Is.EqualTo(new byte[] { 0, 1, 4 }));
    }

    [TestCase("data_batch_1.bin", "test_batch.bin is missing")]
    [TestCase("test_batch.bin", "data_batch_1.bin is missing")]
    [TestCase("data_batch_2.bin", "data_batch_1.bin, test_batch.bin are missing")]
    public void Either_part_is_needed(string name, string sentence)
    {
        PutCifar("given", packed: false, name);
        AssertRefused(() => Load(_cifar, given: "given"), "contains only some files of CIFAR-10", sentence);
    }

    [Test]
    public void An_empty_folder_is_told_what_belongs_there() => AssertRefused(
        () => Load(_cifar, given: "."), "does not contain CIFAR-10 (cifar-10-binary.tar.gz, or data_batch_1.bin and test_batch.bin)",
        "--data sketch for drawn shapes");

    [Test]
    public void A_damaged_file_is_named()
    {
        PutSvhn("given", train: 5, test: 3);
        Folder.Write("given/test_32x32.mat", MatFiles.Svhn(4)[..^9]);
        AssertRefused(() => Load(_svhn, given: "given"), $"given{Path.DirectorySeparatorChar}test_32x32.mat cannot be used");
    }

    [Test]
    public void Every_data_set_is_drawn_under_a_name_of_its_own([Values("mnist", "fashion-mnist", "svhn", "cifar10")] string name)
    {
        IDatasetProvider source = Datasets.Named(name);
        Dataset data = Load(source, DataChoice.Sketch, trainLimit: 12, testLimit: 7);
        Assert.That(data.Name, Is.EqualTo(name == "fashion-mnist" ? "mnist-sketch" : $"{name}-sketch"));
        Assert.That((data.Train.Count, data.Test.Count, data.Subset), Is.EqualTo((12, 7, (string?)null)));
        Assert.That(data.Train.Shape, Is.EqualTo(source.Describe()!.Shape));
        Assert.That(data.StandInReason, Does.Contain(source.StandIn!.Title).And.Contain(source.Title));
    }

    [Test]
    public void Nothing_is_drawn_for_CIFAR_100()
    {
        PublishedDataset source = PublishedDataset.Cifar100 with { Mirrors = [Dead] };
        AssertRefused(() => Load(source, DataChoice.Sketch), "no drawn images to use instead of CIFAR-100");
        AssertRefused(() => Load(source), "CIFAR-100 was not found", "put cifar-100-binary.tar.gz into a folder");
        Folder.Write("given/train.bin", CifarFiles.Batch(0, 3, labelBytes: 2));
        Folder.Write("given/test.bin", CifarFiles.Batch(3, 2, labelBytes: 2));
        Assert.That(Load(source, given: "given").Test.Labels.ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
    }

    private static byte[] Packed() => IdxFiles.Gzip(CifarFiles.Archive(TarEntryFormat.Ustar, CifarFiles.Names));

    private void PutSvhn(string folder, int train, int test, bool packed = false)
    {
        Put(Path.Combine(folder, "train_32x32.mat"), packed, MatFiles.Svhn(train));
        Put(Path.Combine(folder, "test_32x32.mat"), packed, MatFiles.Svhn(test));
    }

    private void PutCifar(string folder, bool packed, params string[] names)
    {
        foreach (string name in names)
        {
            Put(Path.Combine(folder, name), packed, CifarFiles.Content(name));
        }
    }

    private void Put(string path, bool packed, byte[] content) =>
        Folder.Write(packed ? $"{path}.gz" : path, packed ? IdxFiles.Gzip(content) : content);
}
