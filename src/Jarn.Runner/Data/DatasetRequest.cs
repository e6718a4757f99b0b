namespace Jarn.Runner.Data;

/// <summary>Which images <c>--data</c> allows.</summary>
public enum DataChoice
{
    /// <summary>The real data if it can be found or downloaded, otherwise drawn images.</summary>
    Auto,

    /// <summary>The real data, or an error.</summary>
    Real,

    /// <summary>Drawn images, wherever the real data may be.</summary>
    Sketch,
}

/// <summary>Runs a download and shows its progress.</summary>
/// <param name="title">What is downloaded, for people.</param>
/// <param name="bytes">The size of all its files.</param>
/// <param name="download">The download. It reports its progress to its argument; null for no reports.</param>
public delegate void DownloadDisplay(string title, long bytes, Action<IProgress<DownloadProgress>?> download);

/// <summary>Which images of a data set to load, and where to look for them.</summary>
/// <param name="Choice">What to do if the real images are missing.</param>
/// <param name="TrainLimit">The first so many training images; null for all.</param>
/// <param name="TestLimit">The first so many test images; null for all.</param>
public sealed record DatasetRequest(DataChoice Choice = DataChoice.Real, int? TrainLimit = null, int? TestLimit = null)
{
    /// <summary>Why it must be these images, for the sentence that says that they are missing; null where it is plain.</summary>
    public string? Need { get; init; }

    public DataFolders Folders { get; init; } = DataFolders.OfUser(given: null);

    public bool MayDownload { get; init; } = true;

    /// <summary>Null to download without a word.</summary>
    public DownloadDisplay? ShowDownload { get; init; }
}
