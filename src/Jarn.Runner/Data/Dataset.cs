namespace Jarn.Runner.Data;

/// <summary>A file that was read, and the SHA-256 of its bytes in lower-case hexadecimal: what config.json records.</summary>
public sealed record FileRead(string Path, string Sha256);

/// <summary>A training and a test set of one shape.</summary>
/// <param name="Name">What the images are, not what was asked for: "mnist", "fashion-mnist" or "mnist-sketch".</param>
/// <param name="Train">For training.</param>
/// <param name="Test">For evaluation only.</param>
/// <param name="Origin">The folder of the files, or where drawn images come from; for people.</param>
/// <param name="Files">The files read; none for drawn images.</param>
/// <param name="StandInReason">Null for real data; otherwise a sentence: why drawn images stand in for which data set.</param>
public sealed record Dataset(
    string Name, ImageSet Train, ImageSet Test, string Origin, IReadOnlyList<FileRead> Files, string? StandInReason)
{
    /// <summary>Whether drawn images stand in for the data set asked for.</summary>
    public bool IsStandIn => StandInReason is not null;
}
