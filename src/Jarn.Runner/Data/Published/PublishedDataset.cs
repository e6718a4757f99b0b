using System.Security.Cryptography;
using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>One file of a data set as its authors distribute it.</summary>
/// <param name="Name">The file's name, with its extension.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Md5">The MD5 hash, in lower-case hexadecimal.</param>
public sealed record SourceFile(string Name, long Length, string Md5);

/// <summary>A data set that its authors publish: what it is, how its files lie, and where they can be had.</summary>
/// <param name="Name">The name that <c>--dataset</c> takes, and the name of its subfolder.</param>
/// <param name="Title">The name in tables and messages.</param>
/// <param name="ClassNames">The classes' names, in the order of the labels.</param>
/// <param name="Shape">The shape of one image.</param>
/// <param name="TrainCount">The official number of training images; a folder may hold fewer.</param>
/// <param name="TestCount">The official number of test images.</param>
/// <param name="Layouts">The ways in which the files can lie in a folder, in the order in which they are tried.</param>
/// <param name="Files">The files to download.</param>
/// <param name="Mirrors">The mirrors' base addresses, in the order in which they are tried.</param>
public sealed partial record PublishedDataset(
    string Name,
    string Title,
    IReadOnlyList<string> ClassNames,
    ImageShape Shape,
    int TrainCount,
    int TestCount,
    IReadOnlyList<FileLayout> Layouts,
    IReadOnlyList<SourceFile> Files,
    IReadOnlyList<Uri> Mirrors) : IDatasetProvider
{
    /// <summary>The folder of a Linux distribution's package; null if there is none.</summary>
    public string? SystemFolder { get; init; }

    /// <summary>The hash of the test labels, one byte each. It distinguishes data sets that use the same file names.</summary>
    public string? TestLabelsSha256 { get; init; }

    /// <inheritdoc/>
    public StandIn? StandIn => StandInWhenNeeded?.Invoke();

    // A stand-in knows its data set's classes: asked for while these data sets are made, it would find none.
    internal Func<StandIn>? StandInWhenNeeded { get; init; }

    /// <summary>Whether its authors publish additional training images.</summary>
    public bool HasExtra => Name == Svhn.Name;

    /// <summary>The data set with the additional training images that its authors publish.</summary>
    /// <exception cref="UserErrorException">There are none.</exception>
    public PublishedDataset IncludingExtra() => HasExtra ? SvhnWithExtra : throw Datasets.NoExtra(this);

    public DatasetDescription Describe() => new(Shape, ClassNames);

    /// <summary>Its files' images: those of this machine or, where there are none, downloaded ones.</summary>
    public Dataset Load(DatasetRequest request)
    {
        DataLocator locator = new(request.Folders);
        if (locator.Find(this) is LocatedFiles found)
        {
            return Read(found);
        }
        IReadOnlyList<string> places = locator.Candidates(this);
        if (request.Folders.Given is string given)
        {
            throw new DatasetMissingException(
                $"{given} does not contain {Title} ({string.Join(", or ", Layouts.Select(layout => layout.Needed))}), nor does a subfolder {Name}",
                $"give another --data-dir{OrStandIn}", places);
        }
        string reason = $"{Title} was not found in {string.Join(", ", places)}";
        string remedy = $"put {string.Join(", ", Files.Select(file => file.Name))} into a folder and give that folder to --data-dir{OrStandIn}";
        if (!request.MayDownload)
        {
            throw new DatasetMissingException(reason, remedy, places);
        }
        try
        {
            return Read(Fetch(locator.CacheFolder(this), request.ShowDownload));
        }
        catch (DownloadFailedException exception)
        {
            throw new DatasetMissingException($"{reason}, and {exception.Message}", remedy, places, exception);
        }
    }

    /// <summary>Downloads the files that <paramref name="folder"/> lacks.</summary>
    /// <exception cref="DownloadFailedException">A file could not be had, or not be written.</exception>
    public LocatedFiles Fetch(string folder, DownloadDisplay? show = null)
    {
        SourceFile[] missing = [.. Files.Where(file => !File.Exists(Path.Combine(folder, file.Name)))];
        if (missing.Length > 0)
        {
            (show ?? ((_, _, download) => download(null)))($"Downloading {Title}", missing.Sum(file => file.Length), Download);
        }
        return new LocatedFiles(folder, Layouts[0], [.. Files.Select(file => Path.Combine(folder, file.Name))], IsCache: true);

        void Download(IProgress<DownloadProgress>? progress)
        {
            using Downloader downloader = new();
            foreach (SourceFile file in missing)
            {
                downloader.FetchAsync(file, Mirrors, folder, progress, CancellationToken.None).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Reads files that were found.</summary>
    /// <exception cref="UserErrorException">They are unusable.</exception>
    public Dataset Read(LocatedFiles located)
    {
        FileReader reader = new(Files, mustBePublished: located.IsCache);
        ImageSets sets = located.Layout.Read(this, located.Paths, reader);
        RefuseAnother(located.Folder, sets.Test);
        string[] parts = [.. Shortfall(sets.Train.Count, TrainCount, "training"), .. Shortfall(sets.Test.Count, TestCount, "test")];
        return new Dataset(
            Name, sets.Train, sets.Test, located.Folder, reader.Files, Subset: parts.Length == 0 ? null : string.Join(", ", parts));
    }

    /// <summary>A number of a file as a label.</summary>
    /// <exception cref="InvalidDataException">The label is none of the data set's.</exception>
    internal byte Label(byte value) => value < ClassNames.Count ? value
        : throw new InvalidDataException($"it has the label {value}, but {Title} has {ClassNames.Count} classes");

    /// <param name="pixels">N × H × W × C.</param>
    /// <param name="labels">N class indices.</param>
    internal ImageSet Images(ReadOnlyMemory<byte> pixels, ReadOnlySpan<byte> labels) =>
        new(pixels, labels, Shape.Height, Shape.Width, Shape.Channels, ClassNames);

    /// <summary>The end of a sentence that says what to do without the real data.</summary>
    private string OrStandIn => StandIn is StandIn drawn ? $", or --data sketch for {drawn.Title}" : "";

    private static IEnumerable<string> Shortfall(int count, int official, string part)
    {
        if (count != official)
        {
            yield return $"{Counts.Text(count)} {(count < official ? "of" : "instead of")} {Counts.Text(official)} {part} images";
        }
    }

    /// <summary>MNIST in a folder where Fashion-MNIST was asked for, or the reverse.</summary>
    private void RefuseAnother(string folder, ImageSet test)
    {
        byte[] labels = new byte[test.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)test.Labels[i];
        }
        string digest = Convert.ToHexStringLower(SHA256.HashData(labels));
        if (Datasets.All.OfType<PublishedDataset>().FirstOrDefault(other => other.Name != Name && other.TestLabelsSha256 == digest) is { } found)
        {
            throw new UserErrorException($"{folder} contains {found.Title}, not {Title}: give --dataset {found.Name} or another --data-dir");
        }
    }
}
