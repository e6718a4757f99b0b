using Jarn.Runner;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>What tests of whole data sets share: a folder, and mirrors that nothing answers at.</summary>
public abstract class DatasetTests
{
    protected static Uri Dead { get; } = new($"http://127.0.0.1:{MirrorServer.FreePort()}/");

    private protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public void SetUp() => Folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => Folder.Dispose();

    protected Dataset Load(
        IDatasetProvider provider,
        DataChoice choice = DataChoice.Auto,
        string? given = null,
        string? environment = null,
        int? trainLimit = null,
        int? testLimit = null)
    {
        DataFolders folders = new(given is null ? null : Folder[given], environment is null ? null : Folder[environment], Folder["cache"]);
        return Datasets.Load(provider, new DatasetRequest(choice, trainLimit, testLimit) { Folders = folders });
    }

    protected static void AssertRefused(Func<Dataset> load, params string[] sentence)
    {
        UserErrorException? exception = Assert.Catch<UserErrorException>(() => load());
        foreach (string part in sentence)
        {
            Assert.That(exception!.Message, Does.Contain(part));
        }
        Assert.That(exception!.Message, Does.Not.Contain("\n"));
    }
}
