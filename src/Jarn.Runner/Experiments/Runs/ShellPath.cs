namespace Jarn.Runner.Experiments.Runs;

/// <summary>Paths in commands that a user is to copy.</summary>
public static class ShellPath
{
    /// <summary>The path itself, or in single quotes where a shell would take it for something else.</summary>
    public static string Quoted(string path) =>
        path.Length > 0 && path.All(IsPlain) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char letter) =>
        char.IsLetterOrDigit(letter) || "._-+=:@,%".Contains(letter) || letter == Path.DirectorySeparatorChar
        || letter == Path.AltDirectorySeparatorChar;
}
