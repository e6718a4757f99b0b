using System.Security.Cryptography;

namespace Jarn.Runner.Data;

/// <summary>What <c>--data</c> allows.</summary>
public enum DataChoice
{
    /// <summary>The real data if it can be found or downloaded, otherwise drawn digits.</summary>
    Auto,

    /// <summary>The real data, or an error.</summary>
    Real,

    /// <summary>Drawn digits, wherever the real data may be.</summary>
    Sketch,
}

/// <summary>Which images to load.</summary>
/// <param name="Source">The data set.</param>
/// <param name="Choice">What to do without it.</param>
/// <param name="TrainLimit">The first so many training images; null for all.</param>
/// <param name="TestLimit">The first so many test images; null for all.</param>
public sealed record DatasetRequest(DatasetSource Source, DataChoice Choice, int? TrainLimit, int? TestLimit);

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
            return Draw(request, $"--data sketch asks for drawn digits in place of {source.Title}");
        }
        LocatedFiles located;
        try
        {
            located = locator.Find(source) ?? await DownloadAsync(source, progress, cancellation);
        }
        catch (DownloadFailedException exception)
        {
            string reason =
                $"{source.Title} was not found ({string.Join(", ", locator.Candidates(source))}), and {exception.Message}";
            return request.Choice == DataChoice.Auto
                ? Draw(request, $"drawn digits stand in for {source.Title}: {reason}")
                : throw new UserErrorException($"{reason}: put its four .gz files into a folder and give that to --data-dir", exception);
        }
        return Read(request, located);
    }

    private static Dataset Draw(DatasetRequest request, string reason) => new(
        DigitSketch.DatasetName,
        DigitSketch.Train(request.TrainLimit ?? int.MaxValue),
        DigitSketch.Test(request.TestLimit ?? int.MaxValue),
        "this program, which drew them",
        [],
        reason);

    private async Task<LocatedFiles> DownloadAsync(DatasetSource source, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string folder = locator.CacheFolder(source);
        foreach (SourceFile file in source.Files.Where(file => !File.Exists(Path.Combine(folder, file.CompressedName))))
        {
            await downloader.FetchAsync(file, source.Mirrors, folder, progress, cancellation);
        }
        return new LocatedFiles(folder, [.. source.Files.Select(file => Path.Combine(folder, file.CompressedName))], IsCache: true);
    }

    private Dataset Read(DatasetRequest request, LocatedFiles located)
    {
        DatasetSource source = request.Source;
        List<FileRead> files = [];
        IdxArray[] arrays =
        [
            ReadFile(source.TrainImages, located.Paths[0], rank: 3),
            ReadFile(source.TrainLabels, located.Paths[1], rank: 1),
            ReadFile(source.TestImages, located.Paths[2], rank: 3),
            ReadFile(source.TestLabels, located.Paths[3], rank: 1),
        ];
        RefuseAnother(source, located.Paths[3], arrays[3]);
        ImageSet train = Combine(source, arrays[0], located.Paths[0], arrays[1], located.Paths[1]);
        ImageSet test = Combine(source, arrays[2], located.Paths[2], arrays[3], located.Paths[3]);
        return new Dataset(
            source.Name,
            train.Limit(request.TrainLimit ?? int.MaxValue),
            test.Limit(request.TestLimit ?? int.MaxValue),
            located.Folder,
            files,
            StandInReason: null);

        IdxArray ReadFile(SourceFile file, string path, int rank)
        {
            byte[] bytes = ReadAll(path);
            // Elsewhere the user may have packed the same idx file anew.
            if (located.IsCache && Path.GetFileName(path) == file.CompressedName)
            {
                string md5 = Convert.ToHexStringLower(MD5.HashData(bytes));
                if (md5 != file.Md5)
                {
                    throw new UserErrorException($"{path} has md5 {md5} instead of {file.Md5}: delete it to have it downloaded again");
                }
            }
            files.Add(new FileRead(path, Convert.ToHexStringLower(SHA256.HashData(bytes))));
            return Idx.Parse(bytes, path, rank);
        }
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): give another --data-dir", exception);
        }
    }

    /// <summary>MNIST in a folder where Fashion-MNIST was asked for, or the reverse.</summary>
    private void RefuseAnother(DatasetSource source, string path, IdxArray testLabels)
    {
        // The values without their header: 8 bytes that are equal for both.
        string digest = Convert.ToHexStringLower(SHA256.HashData(testLabels.Values));
        if (Known.FirstOrDefault(other => other.Name != source.Name && other.TestLabelsSha256 == digest) is DatasetSource found)
        {
            throw new UserErrorException(
                $"{path} belongs to {found.Title} and not to {source.Title}: give --dataset {found.Name} or another --data-dir");
        }
    }

    private static ImageSet Combine(DatasetSource source, IdxArray images, string imagesPath, IdxArray labels, string labelsPath)
    {
        (int count, int height, int width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if (height != DatasetSource.ImageSide || width != DatasetSource.ImageSide)
        {
            throw new UserErrorException(
                $"{imagesPath} holds images of {height} × {width} where {source.Title} has 28 × 28: give another --data-dir");
        }
        if (count != labels.Dimensions[0])
        {
            throw new UserErrorException(
                $"{imagesPath} holds {count} images and {labelsPath} {labels.Dimensions[0]} labels: give files that belong together");
        }
        int foreign = labels.Values.AsSpan().IndexOfAnyExceptInRange<byte>(0, (byte)(source.ClassNames.Count - 1));
        if (foreign >= 0)
        {
            throw new UserErrorException(
                $"{labelsPath} holds the label {labels.Values[foreign]} where {source.Title} has {source.ClassNames.Count} classes: "
                + "give another --data-dir");
        }
        return new ImageSet(images.Values, labels.Values, height, width, channels: 1, source.ClassNames);
    }
}
