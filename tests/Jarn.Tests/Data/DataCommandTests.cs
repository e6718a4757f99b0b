using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Spectre.Console;

namespace Jarn.Tests.Data;

public sealed class DataCommandTests : DatasetTests
{
    [Test]
    public void Verify_tells_whole_partial_damaged_and_missing_sets_apart()
    {
        Folder.Write("svhn/train_32x32.mat", MatFiles.Svhn(3));
        Folder.Write("svhn/test_32x32.mat", MatFiles.Svhn(2));
        Folder.Write("cifar10/cifar-10-binary.tar.gz", IdxFiles.Gzip(CifarFiles.Archive(names: CifarFiles.Names))[..^5]);
        Folder.Write("mnist/train-images-idx3-ubyte.gz", []);
        (string table, string? fault) = Verify(isAskedFor: false, PublishedDataset.Svhn, PublishedDataset.Cifar100);
        Assert.That(fault, Is.Null);
        Assert.That(
            table, Does.Contain("3 of 73 257 training images, 2 of 26 032 test images").And.Contain("32 × 32 × 3").And.Contain("2 not as published"));
        Assert.That(table, Does.Match("cifar100 +. missing"));
        Assert.That(Verify(isAskedFor: true, PublishedDataset.Cifar100).Fault, Does.StartWith("cifar100 cannot be used"));

        (table, fault) = Verify(isAskedFor: false, PublishedDataset.Mnist, PublishedDataset.Svhn, PublishedDataset.Cifar10);
        Assert.That(fault, Does.StartWith("mnist, cifar10 cannot be used"));
        Assert.That(table, Does.Contain("contains only some files of MNIST").And.Contain("cifar-10-binary.tar.gz cannot be used"));
    }

    [Test]
    public void Verify_knows_published_files()
    {
        PublishedDataset source = PublishedDataset.Cifar10 with
        {
            Files = [IdxFiles.Pinned("cifar-10-binary.tar.gz", Archive)],
            TrainCount = 10,
            TestCount = 2,
        };
        Folder.Write("cifar10/cifar-10-binary.tar.gz", Archive);
        Assert.That(Verify(isAskedFor: true, source).Table, Does.Contain("complete").And.Contain("1 as published"));
    }

    [Test]
    public void Verify_refuses_a_folder_that_is_not_there_or_has_nothing_of_any_data_set()
    {
        Directory.CreateDirectory(Folder["empty"]);
        Assert.That(Refusal("absent"), Is.EqualTo($"jarn: there is no folder {Folder["absent"]}: give another --data-dir\n"));
        Assert.That(Refusal("empty"), Does.StartWith($"jarn: {Folder["empty"]} contains none of these data sets: give another --data-dir, or "));

        string Refusal(string name)
        {
            (int exitCode, string error) = Runner.CommandLineTests.Run("data", "verify", "--data-dir", Folder[name]);
            Assert.That(exitCode, Is.EqualTo(2), error);
            return error;
        }
    }

    [Test]
    public void Show_writes_a_picture([Values("svhn", "cifar10")] string name)
    {
        string picture = Folder["sheet.png"];
        Assert.That(CommandLineInterface.Run(
            ["data", "show", name, "--data", "sketch", "--split", "test", "--count", "2", "--output", picture, "--quiet"]), Is.Zero);
        using SkiaSharp.SKBitmap sheet = SkiaSharp.SKBitmap.Decode(picture);
        Assert.That(sheet.Height, Is.GreaterThan(10 * 64));
    }

    [Test]
    public void Fetch_asks_no_server_for_what_is_there()
    {
        PublishedDataset source = PublishedDataset.Cifar10 with { Files = [IdxFiles.Pinned("cifar-10-binary.tar.gz", Archive)], Mirrors = [Dead] };
        Folder.Write("there/cifar-10-binary.tar.gz", Archive);
        Assert.That(source.Read(source.Fetch(Folder["there"])).Train.Count, Is.EqualTo(10));
        Assert.That(
            () => source.Fetch(Folder["elsewhere"]),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("cifar-10-binary.tar.gz could not be downloaded"));
    }

    [TestCase("'jarn data' needs an action")]
    [TestCase("'jarn data' has no action burn", "burn")]
    [TestCase("needs a data set", "fetch")]
    [TestCase("there is no data set imagenet", "verify", "imagenet")]
    [TestCase("needs --output", "show", "mnist")]
    [TestCase("takes one data set", "show", "all", "--output", "x.png")]
    [TestCase("has no use for 'x'", "show", "mnist", "x")]
    [TestCase("--count is 0", "show", "mnist", "--count", "0", "--output", "x.png")]
    [TestCase("--split is both", "show", "mnist", "--split", "both", "--output", "x.png")]
    [TestCase("leave out --extra, which is for svhn", "fetch", "mnist", "--extra")]
    [TestCase("absent does not contain MNIST", "show", "mnist", "--data-dir", "absent", "--output", "x.png")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        Assert.That(() => DataCommand.Run((DataOptions)Arguments.Read(typeof(DataOptions), arguments)),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains(sentence));
    }

    private static byte[] Archive { get; } = IdxFiles.Gzip(CifarFiles.Archive(names: CifarFiles.Names));

    private (string Table, string? Fault) Verify(bool isAskedFor, params PublishedDataset[] sources)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 600;
        try
        {
            DataCheck.Run(console, sources, Folder.Path, isAskedFor);
            return (text.ToString(), null);
        }
        catch (UserErrorException exception)
        {
            return (text.ToString(), exception.Message);
        }
    }
}
