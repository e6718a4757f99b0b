using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Tests.Data;

namespace Jarn.Tests.Library;

/// <summary>The program that docs/library.md shows is the one compiled here, and it trains, attacks and exports.</summary>
public sealed partial class LibraryExampleTests
{
    [Test]
    public void The_page_shows_what_is_compiled()
    {
        string page = File.ReadAllText(Path.Combine(Here(), "../../../docs/library.md"));
        Match source = Program().Match(File.ReadAllText(Path.Combine(Here(), "LibraryExample.cs")));
        string shown = CodeBlock().Match(page).Groups[1].Value;
        Assert.That(shown, Is.EqualTo($"{source.Groups["usings"].Value}\n{Indentation().Replace(source.Groups["statements"].Value, "")}"));
    }

    [Test]
    public void It_trains_a_classifier_attacks_it_and_leaves_a_model_that_classifies_alike()
    {
        using TemporaryFolder folder = new();
        string output = TestConsole.Output(() => LibraryExample.Run([folder["model.safetensors"]]));
        Match counts = Output().Match(output);
        Assert.That(counts.Success, output);
        Assert.That(int.Parse(counts.Groups[1].Value), Is.GreaterThan(50), output);
        Assert.That(int.Parse(counts.Groups[2].Value), Is.LessThanOrEqualTo(int.Parse(counts.Groups[1].Value)), output);

        using CpuDevice device = new(threads: 1);
        using FileStream file = File.OpenRead(folder["model.safetensors"]);
        (Network read, ModelOrigin origin) = SavedModel.Read(file, device);
        using Network classifier = read;
        Assert.That(origin, Is.EqualTo(new ModelOrigin(ClassifierDescription.Mnist, "bars", "jarn", 0.1)));
        using Tensor bars = Tensor.From(device, new Shape(9, 28, 28, 1), Bars(9));
        Assert.That(classifier.Classify(bars), Is.EqualTo(Enumerable.Range(0, 9)), "it has learned where bars stand");
    }

    /// <summary>The example's images without their noise.</summary>
    private static float[] Bars(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(label => Enumerable.Range(0, 28 * 28).Select(pixel => pixel / 28 / 3 == label ? 0.8f : 0.2f))];

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"^(?<usings>(?:using [^\n]*\n)+).*?\n    public static void Run\(string\[\] args\)\n    \{\n(?<statements>.*)    \}\n\}\n$", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex("\n```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();

    [GeneratedRegex(@"^(\d+) of 60 images are classified correctly, (\d+) of 60 under pgd10\.\n$")]
    private static partial Regex Output();
}
