using System.Runtime.CompilerServices;

namespace Jarn.Tests.Layers;

/// <summary>Every source can be read on a screen: its lines end there, and it is not long.</summary>
public sealed class SourceTests
{
    private const int MostCharacters = 150, MostLines = 300;

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    private static readonly (string Path, string[] Lines)[] Sources =
    [
        .. new[] { "src", "tests", "bench" }.SelectMany(folder => Files(Path.Combine(Root, folder))).Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllLines(path))),
    ];

    [Test]
    public void The_sources_are_found() => Assert.That(Sources, Has.Length.GreaterThan(600));

    [Test]
    public void No_line_has_more_than_150_characters() => Assert.That(
        Sources.SelectMany(source => TooLong(source.Path, source.Lines)), Is.Empty, "break these lines");

    [Test]
    public void No_source_file_has_more_than_300_lines() => Assert.That(
        Sources.Where(source => source.Lines.Length > MostLines).Select(source => $"{source.Path} has {source.Lines.Length} lines"), Is.Empty,
        "split these files by their subjects");

    [Test]
    public void A_line_that_is_too_long_is_named() => Assert.That(
        TooLong("A.cs", [new('x', MostCharacters), "", new('x', MostCharacters + 1)]), Is.EqualTo(new[] { "A.cs:3 has 151 characters" }));

    private static IEnumerable<string> TooLong(string path, string[] lines) => lines.Index()
        .Where(line => line.Item.Length > MostCharacters)
        .Select(line => $"{path}:{line.Index + 1} has {line.Item.Length} characters");

    /// <summary>Of a folder, without what the compiler writes there.</summary>
    private static IEnumerable<string> Files(string folder) => Path.GetFileName(folder) is "bin" or "obj" ? []
        : Directory.GetFiles(folder, "*.cs").Concat(Directory.GetDirectories(folder).SelectMany(Files));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
