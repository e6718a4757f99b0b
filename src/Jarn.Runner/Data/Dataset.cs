namespace Jarn.Runner.Data;

/// <summary>A data file that was read, as config.json records it.</summary>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal.</param>
/// <param name="IsPublished">Whether the bytes are those that the authors publish; null if they publish no such file.</param>
public sealed record FileRead(string Path, string Sha256, bool? IsPublished);

/// <summary>The parts of a data set.</summary>
public enum DatasetPart
{
    Train,
    Validation,
    Test,
}

/// <summary>Images for training, validation and test, of one shape and the same classes.</summary>
/// <param name="Name">The name of the images, which isn't always the one asked for: "mnist", "svhn" or "svhn-sketch".</param>
/// <param name="Test">Images for evaluation only.</param>
/// <param name="Origin">The folder of the files, or where drawn images come from; for people.</param>
/// <param name="Files">The files read; none for drawn images.</param>
/// <param name="StandInReason">Null for real data; otherwise a sentence: why drawn images stand in for which data set.</param>
/// <param name="Subset">
/// Null where the files hold the whole data set; otherwise how much of it, as "20 000 of 50 000 training images". (Whoever loads less than
/// the files hold knows it.)
/// </param>
/// <param name="Validation">Images for choices made during training; null if the set has none.</param>
public sealed record Dataset(
    string Name, ImageSet Train, ImageSet Test, string Origin, IReadOnlyList<FileRead> Files, string? StandInReason = null, string? Subset = null,
    ImageSet? Validation = null)
{
    /// <summary>Whether drawn images stand in for the data set asked for.</summary>
    public bool IsStandIn => StandInReason is not null;
}
