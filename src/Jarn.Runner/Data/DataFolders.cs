namespace Jarn.Runner.Data;

/// <summary>The folders in which to look for data, besides the data sets' own places.</summary>
/// <param name="Given">The folder of <c>--data-dir</c>: if there is one, nothing else is looked at.</param>
/// <param name="Environment">The folder of <c>$JARN_DATA</c>.</param>
/// <param name="Cache">The folder of downloads, with a subfolder for each data set.</param>
public sealed record DataFolders(string? Given, string? Environment, string Cache)
{
    /// <summary>The folders where a run found its files. They are searched before the usual places when its images are needed again.</summary>
    public IReadOnlyList<string> OfRun { get; init; } = [];

    /// <summary>The folders of this user and process.</summary>
    public static DataFolders OfUser(string? given) =>
        new(given, NullIfEmpty(System.Environment.GetEnvironmentVariable("JARN_DATA")), Path.Combine(UserCache(), "jarn"));

    // The XDG base directory specification; it has relative paths ignored.
    private static string UserCache() =>
        System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is string cache && Path.IsPathFullyQualified(cache) ? cache
        : OperatingSystem.IsWindows() ? System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".cache");

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
