using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Jarn.Tests.Extending;

/// <summary>The code of docs/extending.md is compiled here, and the files that it names are there.</summary>
public sealed partial class ExtendingPageTests
{
    private const int MostFilesOfAWalk = 3;

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs/extending.md"));

    [Test]
    public void Every_block_of_code_is_part_of_a_source_here()
    {
        string[] sources = [.. Directory.GetFiles(Here(), "*.cs").Select(File.ReadAllText)];
        string[] blocks = [.. Code().Matches(Page).Select(block => block.Groups[1].Value.TrimEnd('\n'))];
        Assert.That(blocks, Is.Not.Empty);
        Assert.That(blocks.Where(block => !sources.Any(source => source.Contains(block, StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Each_walk_names_three_files_at_most_and_the_lists_exist()
    {
        string[] walks = Page.Split("\n## ")[1..];
        Assert.That(walks, Has.Length.EqualTo(5));
        Assert.Multiple(() =>
        {
            foreach (string walk in walks)
            {
                string[] files = [.. TableFile().Matches(walk).Select(row => row.Groups[1].Value)];
                Assert.That(files.Length, Is.InRange(1, MostFilesOfAWalk), walk.Split('\n')[0]);
                Assert.That(files.Select(file => Path.Combine(Root, Path.GetDirectoryName(Path.GetDirectoryName(file))!))
                    .Where(folder => !Directory.Exists(folder)), Is.Empty);
            }
            Assert.That(Named().Matches(Page).Select(file => file.Groups[1].Value)
                .Where(file => !File.Exists(Path.Combine(Root, file)) && !IsOfTheWalk(file)), Is.Empty);
        });
    }

    /// <summary>What a walk adds is not there.</summary>
    private static bool IsOfTheWalk(string file) => Path.GetFileNameWithoutExtension(file)
        is "SmallCnn" or "LabelSmoothing" or "Tiles" or "CumulativeSum" or "CumulativeSumCall" or "RandomNoise";

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex("\n```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `([^`]+\.cs)` \|", RegexOptions.Multiline)]
    private static partial Regex TableFile();

    [GeneratedRegex(@"`((?:src|tests)/[^`]+\.cs)`")]
    private static partial Regex Named();
}
