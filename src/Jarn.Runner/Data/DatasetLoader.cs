using System.Globalization;
using System.Security.Cryptography;

namespace Jarn.Runner.Data;

/// <summary>What <c>--data</c> allows.</summary>
public enum DataChoice
{
    /// <summary>The real data if it can be found or downloaded, otherwise drawn images.</summary>
    Auto,

    /// <summary>The real data, or an error.</summary>
    Real,

    /// <summary>Drawn images, wherever the real data may be.</summary>
    Sketch,
}

/// <summary>Which images to load.</summary>
/// <param name="Source">The data set.</param>
/// <param name="Choice">What to do without it.</param>
/// <param name="TrainLimit">The first so many training images; null for all.</param>
/// <param name="TestLimit">The first so many test images; null for all.</param>
/// <param name="Need">Why it must be these images, for the sentence that says that they are missing; null where it is plain.</param>
public sealed record DatasetRequest(DatasetSource Source, DataChoice Choice, int? TrainLimit, int? TestLimit, string? Need = null);

/// <summary>Loads a data set from disk, from the network or, failing both, from the drawing board.</summary>
/// <param name="locator">Where to look.</param>
/// <param name="downloader">How to fetch what isn't found.</param>
public sealed class DatasetLoader(DataLocator locator, Downloader downloader)
{
    /// <summary>The data sets that are told from one another by their content.</summary>
    public IReadOnlyList<DatasetSource> Known { get; init; } = DatasetSource.All;

    /// <param name="request">What to load.</param>
    /// <param name="progress">Told of downloads, if there are any.</param>
    /// <param name="cancellation">Breaks off a download, which the next call resumes.</param>
    /// <exception cref="UserErrorException">
    /// Files were found and are unusable, or <see cref="DataChoice.Real"/> was asked for and is nowhere to be had.
    /// </exception>
    public async Task<Dataset> LoadAsync(DatasetRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        DatasetSource source = request.Source;
        if (request.Choice == DataChoice.Sketch)
        {
            return source.StandIn is StandIn drawn
                ? Draw(request, drawn, $"{drawn.Title} are used instead of {source.Title}, as --data sketch asks")
                : throw new UserErrorException($"there are no drawn images to use instead of {source.Title}: leave out --data sketch");
        }
        try
        {
            return Read(request, locator.Find(source) ?? await DownloadAsync(source, locator.CacheFolder(source), progress, cancellation));
        }
        catch (DownloadFailedException exception)
        {
            string reason =
                $"{source.Title} was not found in {string.Join(", ", locator.Candidates(source))}, and {exception.Message}";
            return request.Choice == DataChoice.Auto && source.StandIn is StandIn drawn
                ? Draw(request, drawn, $"{drawn.Title} are used instead of {source.Title}: {reason}")
                : throw new UserErrorException(
                    $"{(request.Need is null ? "" : $"{request.Need}, but ")}{reason}: "
                    + $"put {string.Join(", ", source.Files.Select(file => file.Name))} into a folder and give that folder to --data-dir{source.OrStandIn}", exception);
        }
    }

    /// <summary>Downloads the files that <paramref name="folder"/> lacks.</summary>
    /// <exception cref="DownloadFailedException">A file could not be had, or not be written.</exception>
    public async Task<LocatedFiles> DownloadAsync(
        DatasetSource source, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        foreach (SourceFile file in source.Files.Where(file => !File.Exists(Path.Combine(folder, file.Name))))
        {
            await downloader.FetchAsync(file, source.Mirrors, folder, progress, cancellation);
        }
        return new LocatedFiles(folder, source.Layouts[0], [.. source.Files.Select(file => Path.Combine(folder, file.Name))], IsCache: true);
    }

    /// <summary>Reads files that were found.</summary>
    /// <exception cref="UserErrorException">They are unusable.</exception>
    public Dataset Read(DatasetRequest request, LocatedFiles located)
    {
        DatasetSource source = request.Source;
        FileReader reader = new(source, mustBePublished: located.IsCache);
        ImageSets sets = located.Layout.Read(source, located.Paths, reader);
        RefuseAnother(source, located.Folder, sets.Test);
        string[] parts = [.. Shortfall(sets.Train.Count, source.TrainCount, "training"), .. Shortfall(sets.Test.Count, source.TestCount, "test")];
        return new Dataset(
            source.Name,
            sets.Train.Limit(request.TrainLimit ?? int.MaxValue),
            sets.Test.Limit(request.TestLimit ?? int.MaxValue),
            located.Folder,
            reader.Files,
            StandInReason: null,
            parts.Length == 0 ? null : string.Join(", ", parts));
    }

    private static Dataset Draw(DatasetRequest request, StandIn drawn, string reason) => new(
        drawn.DatasetName,
        drawn.Train(request.TrainLimit ?? int.MaxValue),
        drawn.Test(request.TestLimit ?? int.MaxValue),
        "Jarn's own drawings",
        [],
        reason,
        Subset: null);

    private static IEnumerable<string> Shortfall(int count, int official, string part)
    {
        if (count != official)
        {
            yield return $"{Grouped(count)} {(count < official ? "of" : "instead of")} {Grouped(official)} {part} images";
        }
    }

    private static string Grouped(int count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>MNIST in a folder where Fashion-MNIST was asked for, or the reverse.</summary>
    private void RefuseAnother(DatasetSource source, string folder, ImageSet test)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(test.Labels));
        if (Known.FirstOrDefault(other => other.Name != source.Name && other.TestLabelsSha256 == digest) is DatasetSource found)
        {
            throw new UserErrorException(
                $"{folder} contains {found.Title}, not {source.Title}: give --dataset {found.Name} or another --data-dir");
        }
    }
}
