using Jarn.Runner;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class PublishedDatasetTests : DatasetTests
{
    [Test]
    public void Reads_files_under_all_their_spellings(
        [Values("", "mnist")] string subfolder, [Values] bool packed, [Values] bool dotted)
    {
        Put(Path.Combine("given", subfolder), IdxFiles.Set(), packed, dotted);
        Dataset dataset = Load(IdxFiles.Source(Dead), given: "given");
        Assert.That(dataset.Name, Is.EqualTo("mnist"));
        Assert.That(dataset.IsStandIn, Is.False);
        Assert.That((dataset.Train.Count, dataset.Test.Count, dataset.Train.Height, dataset.Train.Channels), Is.EqualTo((30, 20, 28, 1)));
        Assert.That(dataset.Train.Image(29).SequenceEqual(IdxFiles.Set()["train-images-idx3-ubyte"].AsSpan(16 + (29 * 784))), Is.True);
        Assert.That(dataset.Test.Labels[19], Is.EqualTo(9));
        Assert.That(dataset.Files, Has.Count.EqualTo(4));
        foreach (FileRead file in dataset.Files)
        {
            byte[] digest = System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.Path));
            Assert.That(file.Sha256, Is.EqualTo(Convert.ToHexStringLower(digest)));
            Assert.That(file.IsPublished, Is.EqualTo(packed && !dotted ? true : (bool?)null));
        }
    }

    [Test]
    public void Limits_apply_to_real_and_drawn_images([Values] DataChoice choice)
    {
        Put("given", IdxFiles.Set());
        Dataset dataset = Load(IdxFiles.Source(Dead), choice, given: "given", trainLimit: 7, testLimit: 3);
        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((7, 3)));
        Assert.That(dataset.IsStandIn, Is.EqualTo(choice == DataChoice.Sketch));
    }

    [Test]
    public void Looks_in_the_environment_then_the_cache_then_the_system()
    {
        string system = Folder["system"];
        PublishedDataset source = IdxFiles.Source(Dead) with { SystemFolder = system };
        foreach (string place in new[] { "system", "cache/mnist", "environment", "environment/mnist" })
        {
            Put(place, IdxFiles.Set());
            Dataset dataset = Load(source, environment: "environment");
            Assert.That(dataset.Origin, Is.EqualTo(Folder[place]));
        }
    }

    [Test]
    public void Downloads_into_the_cache_what_is_missing_there()
    {
        using MirrorServer server = new();
        foreach ((string name, byte[] content) in IdxFiles.Set())
        {
            server.Files[$"{name}.gz"] = IdxFiles.Gzip(content);
        }
        Folder.Write("cache/mnist/train-labels-idx1-ubyte.gz", server.Files["train-labels-idx1-ubyte.gz"]);
        Dataset dataset = Load(IdxFiles.Source(Dead, server.Address), DataChoice.Real);
        Assert.That(dataset.Origin, Is.EqualTo(Folder["cache/mnist"]));
        Assert.That(server.Requests, Is.EqualTo(new[] { "train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz" }));

        // The next time nothing is asked of any server.
        Assert.That(Load(IdxFiles.Source(Dead)).IsStandIn, Is.False);
    }

    [Test]
    public void Draws_digits_where_there_is_no_other_way_and_says_so()
    {
        PublishedDataset fashion = IdxFiles.Source(Dead) with { Name = "fashion-mnist", Title = "Fashion-MNIST" };
        Dataset dataset = Load(fashion, trainLimit: 5, testLimit: 5);
        Assert.That(dataset.Name, Is.EqualTo("mnist-sketch"));
        Assert.That(dataset.IsStandIn, Is.True);
        Assert.That(dataset.StandInReason, Does.Contain("drawn digits are used instead of Fashion-MNIST").And.Contain("could not be downloaded"));
        Assert.That(dataset.Train.ClassNames, Is.EqualTo(PublishedDataset.Mnist.ClassNames));
        Assert.That(dataset.Files, Is.Empty);
    }

    [Test]
    public void Real_data_that_cannot_be_had_is_an_error() => AssertRefused(
        () => Load(IdxFiles.Source(Dead), DataChoice.Real), "MNIST was not found", "127.0.0.1", "--data-dir");

    [Test]
    public void A_givenFolder_is_the_only_one()
    {
        Put("cache/mnist", IdxFiles.Set());
        Put("environment", IdxFiles.Set());
        Directory.CreateDirectory(Folder["given"]);
        AssertRefused(() => Load(IdxFiles.Source(Dead), given: "given", environment: "environment"), "given does not contain MNIST", "--data sketch");
        AssertRefused(() => Load(IdxFiles.Source(Dead), given: "absent"), "absent does not contain MNIST");
    }

    [TestCase("given")]
    [TestCase("environment")]
    public void Some_files_only_are_an_error_that_names_the_others(string place)
    {
        Put(place, IdxFiles.Set());
        File.Delete(Folder[$"{place}/t10k-labels-idx1-ubyte.gz"]);
        AssertRefused(LoadPlace, "t10k-labels-idx1-ubyte.gz is missing");
        File.Delete(Folder[$"{place}/train-images-idx3-ubyte.gz"]);
        AssertRefused(LoadPlace, "train-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz are missing");

        Dataset LoadPlace() => Load(IdxFiles.Source(Dead), given: place == "given" ? place : null, environment: place);
    }

    [Test]
    public void A_checksum_binds_the_cache_and_not_the_users_folder()
    {
        Dictionary<string, byte[]> others = IdxFiles.Set();
        others["t10k-images-idx3-ubyte"] = IdxFiles.Images(20, seed: 9);
        Put("cache/mnist", others);
        AssertRefused(() => Load(IdxFiles.Source(Dead)), "t10k-images-idx3-ubyte.gz has md5", "instead of", "delete it");
        Assert.That(Load(IdxFiles.Source(Dead), given: "cache").Test.Count, Is.EqualTo(20));
    }

    [Test]
    public void Files_that_do_not_belong_together_are_refused()
    {
        AssertSetRefused("train-labels-idx1-ubyte", IdxFiles.Labels(29), "30 images", "29 labels");
        AssertSetRefused("t10k-labels-idx1-ubyte", IdxFiles.Encode([.. new byte[19], 10], 20), "the label 10", "10 classes");
        AssertSetRefused("t10k-images-idx3-ubyte", IdxFiles.Images(20, side: 27), "27 × 27");
        AssertSetRefused("t10k-images-idx3-ubyte", IdxFiles.Images(20)[..^1], "truncated");
        AssertSetRefused("t10k-images-idx3-ubyte", IdxFiles.Labels(20), "0x00000801");
    }

    [Test]
    public void Another_data_set_under_the_same_names_is_recognised()
    {
        byte[] labels = IdxFiles.Encode(new byte[20], 20);
        Put("given", new(IdxFiles.Set()) { ["t10k-labels-idx1-ubyte"] = labels });
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(labels.AsSpan(8)));
        PublishedDataset other = PublishedDataset.FashionMnist with { Name = "zeros", Title = "Zeros", TestLabelsSha256 = digest };
        Datasets.Register(other);
        try
        {
            AssertRefused(() => Load(IdxFiles.Source(Dead), given: "given"), "contains Zeros, not MNIST");
        }
        finally
        {
            Datasets.Unregister(other);
        }
    }

    [Test]
    [NonParallelizable]
    public void The_users_folders_come_from_the_environment()
    {
        string?[] before = [Environment.GetEnvironmentVariable("JARN_DATA"), Environment.GetEnvironmentVariable("XDG_CACHE_HOME")];
        try
        {
            Environment.SetEnvironmentVariable("JARN_DATA", Folder["data"]);
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Folder["cache"]);
            Assert.That(DataFolders.OfUser("given"), Is.EqualTo(new DataFolders("given", Folder["data"], Folder["cache/jarn"])));
            Environment.SetEnvironmentVariable("JARN_DATA", "");
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "relative");
            DataFolders folders = DataFolders.OfUser(null);
            Assert.That((folders.Given, folders.Environment), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(Path.IsPathFullyQualified(folders.Cache), Is.True);
        }
        finally
        {
            Environment.SetEnvironmentVariable("JARN_DATA", before[0]);
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before[1]);
        }
    }

    [Test]
    public void Names_are_known_or_refused()
    {
        Assert.That(Datasets.Named("fashion-mnist"), Is.SameAs(PublishedDataset.FashionMnist));
        Assert.That(() => Datasets.Named("imagenet"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("mnist, fashion-mnist, svhn, cifar10, cifar100"));
    }

    private void Put(string folder, Dictionary<string, byte[]> files, bool packed = true, bool dotted = false)
    {
        foreach ((string name, byte[] content) in files)
        {
            string spelling = (dotted ? name.Replace("-idx", ".idx") : name) + (packed ? ".gz" : "");
            Folder.Write(Path.Combine(folder, spelling), packed ? IdxFiles.Gzip(content) : content);
        }
    }

    private void AssertSetRefused(string name, byte[] content, params string[] sentence)
    {
        Dictionary<string, byte[]> files = IdxFiles.Set();
        files[name] = content;
        Put("given", files);
        AssertRefused(() => Load(IdxFiles.Source(Dead), given: "given"), [.. sentence, $"given{Path.DirectorySeparatorChar}{name}"]);
    }
}
