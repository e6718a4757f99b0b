using Jarn.Runner;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>What tests of whole data sets share: a folder, and a loader that reaches no network.</summary>
public abstract class DatasetTests
{
    protected static Uri Dead { get; } = new($"http://127.0.0.1:{MirrorServer.FreePort()}/");

    private protected TemporaryFolder Folder { get; private set; } = null!;

    protected Downloader Downloader { get; private set; } = null!;

    [SetUp]
    public void SetUp()
    {
        Folder = new TemporaryFolder();
        Downloader = new Downloader();
    }

    [TearDown]
    public void TearDown()
    {
        Downloader.Dispose();
        Folder.Dispose();
    }

    protected Task<Dataset> LoadAsync(
        DatasetSource source,
        DataChoice choice = DataChoice.Auto,
        string? given = null,
        string? environment = null,
        int? trainLimit = null,
        int? testLimit = null)
    {
        DataFolders folders = new(given is null ? null : Folder[given], environment is null ? null : Folder[environment], Folder["cache"]);
        return new DatasetLoader(new DataLocator(folders), Downloader).LoadAsync(
            new DatasetRequest(source, choice, trainLimit, testLimit), null, default);
    }

    protected static void AssertRefused(Func<Task<Dataset>> load, params string[] sentence)
    {
        UserErrorException? exception = Assert.ThrowsAsync<UserErrorException>(() => load());
        foreach (string part in sentence)
        {
            Assert.That(exception!.Message, Does.Contain(part));
        }
        Assert.That(exception!.Message, Does.Not.Contain("\n"));
    }
}
