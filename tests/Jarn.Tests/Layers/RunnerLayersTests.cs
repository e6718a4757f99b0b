using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Jarn.Tests.Layers;

/// <summary>
/// The runner's folders are layers: each knows only those before it. Read from the sources, so that a name in full counts as a using does.
/// </summary>
public sealed partial class RunnerLayersTests
{
    /// <summary>From the bottom up.</summary>
    private static readonly string[] Layers = ["Settings", "Data", "Experiments", "Reporting", "Commands"];

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../../src/Jarn.Runner"));

    [Test]
    public void No_source_names_a_layer_above_its_own()
    {
        string[] sources = [.. Layers.SelectMany(layer => Directory.GetFiles(Path.Combine(Root, layer), "*.cs", SearchOption.AllDirectories))];
        Assert.That(sources, Has.Length.GreaterThan(100));
        Assert.That(sources.SelectMany(path => Arrows(Path.GetRelativePath(Root, path), File.ReadAllText(path))), Is.Empty);
    }

    [Test]
    public void Every_folder_is_a_layer() => Assert.That(
        Directory.GetDirectories(Root).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")), Is.EquivalentTo(Layers));

    [TestCase("Data/A.cs", "using Jarn.Runner.Experiments.Runs;", "Data/A.cs names Experiments, a layer above it")]
    [TestCase("Experiments/Runs/A.cs", "string name = Reporting.Page.HtmlPage.Name;", "Experiments/Runs/A.cs names Reporting, a layer above it")]
    [TestCase("Experiments/Runs/A.cs", "using Jarn.Runner.Data;", null)]
    [TestCase("Experiments/Runs/A.cs", "/// <summary>See <see cref=\"Commands.ExitCode\"/>.</summary>", null)]
    [TestCase("Data/A.cs", "image.Settings.Commands.Clear()", null)]
    public void An_arrow_upwards_is_found(string path, string line, string? arrow) =>
        Assert.That(Arrows(path, $"namespace Jarn.Runner.X;\n{line}\n"), Is.EqualTo(arrow is null ? Array.Empty<string>() : [arrow]));

    private static IEnumerable<string> Arrows(string path, string source)
    {
        int own = Array.IndexOf(Layers, path.Split('/', '\\')[0]);
        string code = string.Join('\n', source.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        return Names().Matches(code).Select(match => match.Groups["layer"].Value).Distinct().Where(layer => Array.IndexOf(Layers, layer) > own)
            .Select(layer => $"{path} names {layer}, a layer above it");
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    /// <summary>Jarn.Runner.Data, or Data. at the beginning of a name.</summary>
    [GeneratedRegex(@"(?:\bJarn\.Runner\.|(?<![\w.""]))(?<layer>Settings|Data|Experiments|Reporting|Commands)(?=\.[A-Z]|;)")]
    private static partial Regex Names();
}
