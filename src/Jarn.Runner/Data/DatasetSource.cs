using Jarn.Models;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Data;

/// <summary>One file of a data set as its authors distribute it.</summary>
/// <param name="Name">With its ".gz" or other ending.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Md5">In lower-case hexadecimal.</param>
public sealed record SourceFile(string Name, long Length, string Md5);

/// <summary>A data set: what it is, how its files lie, and where they are published.</summary>
/// <param name="Name">As in <c>--dataset</c>, and of its subfolders.</param>
/// <param name="Title">For people.</param>
/// <param name="ClassNames">In the order of the labels.</param>
/// <param name="Shape">Of its images.</param>
/// <param name="TrainCount">Official; a folder may hold fewer.</param>
/// <param name="TestCount">Official, too.</param>
/// <param name="Layouts">How its files may lie in a folder, the first to be looked for first.</param>
/// <param name="Files">As published.</param>
/// <param name="Mirrors">Base addresses, the first to be tried first.</param>
public sealed partial record DatasetSource(
    string Name,
    string Title,
    IReadOnlyList<string> ClassNames,
    ImageShape Shape,
    int TrainCount,
    int TestCount,
    IReadOnlyList<FileLayout> Layouts,
    IReadOnlyList<SourceFile> Files,
    IReadOnlyList<Uri> Mirrors)
{
    /// <summary>Where a Linux distribution's package puts it.</summary>
    public string? SystemFolder { get; init; }

    /// <summary>Of the test labels, one byte each, for data sets that use the same file names: it tells them apart.</summary>
    public string? TestLabelsSha256 { get; init; }

    /// <summary>Drawn images for a machine without these; null where there are none.</summary>
    public StandIn? StandIn => StandInWhenNeeded?.Invoke();

    /// <summary>The end of a sentence that says what to do without the real data.</summary>
    internal string OrStandIn => StandIn is StandIn drawn ? $", or --data sketch for {drawn.Title}" : "";

    // A stand-in knows its data set's classes: asked for while these sources are made, it would find none.
    internal Func<StandIn>? StandInWhenNeeded { get; init; }

    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static DatasetSource Named(string name) => All.FirstOrDefault(source => source.Name == name)
        ?? throw new UserErrorException($"there is no data set {name}: give {Names}{Suggestion.Question(name, All.Select(source => source.Name))}");

    /// <summary>The names of a classifier's classes, by what it was trained on; their numbers where that is no data set of ours.</summary>
    public static IReadOnlyList<string> ClassNamesOf(string trainedOn, int classes) =>
        All.FirstOrDefault(source => source.Name == trainedOn || source.StandIn?.DatasetName == trainedOn) is { } source && source.ClassNames.Count == classes
            ? source.ClassNames : [.. Enumerable.Range(0, classes).Select(label => $"{label}")];

    /// <summary>All of them, for people.</summary>
    public static string Names => string.Join(", ", All.Select(source => source.Name));

    /// <summary>Whether its authors publish additional training images.</summary>
    public bool HasExtra => Name == Svhn.Name;

    /// <summary>The same with the additional training images that its authors publish.</summary>
    /// <exception cref="UserErrorException">There are none.</exception>
    public DatasetSource IncludingExtra() => HasExtra ? SvhnWithExtra
        : throw new UserErrorException($"{Title} has no extra training images: leave out --extra, which is for {Svhn.Name}");

    /// <summary>A number of a file as a label.</summary>
    /// <exception cref="InvalidDataException">It is none of this data set.</exception>
    internal byte Label(byte value) => value < ClassNames.Count ? value
        : throw new InvalidDataException($"it has the label {value}, but {Title} has {ClassNames.Count} classes");

    /// <param name="pixels">N × H × W × C.</param>
    /// <param name="labels">N.</param>
    internal ImageSet Images(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels) =>
        new(pixels, labels, Shape.Height, Shape.Width, Shape.Channels, ClassNames);
}
