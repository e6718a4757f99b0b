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
        string[] shown = [.. CodeBlock().Matches(page).Select(block => block.Groups[1].Value)];
        Assert.That(shown, Is.EqualTo(new[] { Source("LibraryExample.cs"), Source("AuditExample.cs") }));
    }

    [Test]
    public void A_classifier_that_is_no_network_of_ours_is_audited()
    {
        string output = TestConsole.Output(AuditExample.Run);
        Assert.That(output, Does.StartWith("clean: 100.0 %").And.Contain("autoattack: ").And.Contain("batch-dependence: Passed"));
        Assert.That(output, Does.Contain("robust: AutoAttack leaves ").And.Contain("The measurement looks sound: all 8 checks passed."));
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

    /// <summary>A file's usings, and the statements and the class of its program as they stand outside of a class.</summary>
    private static string Source(string file)
    {
        Match program = Program().Match(File.ReadAllText(Path.Combine(Here(), file)));
        string statements = Indentation(8).Replace(program.Groups["statements"].Value, "");
        string own = Indentation(4).Replace(program.Groups["class"].Value, "");
        return $"{program.Groups["usings"].Value}\n{statements}{own.Replace("private sealed class", "sealed class", StringComparison.Ordinal)}";
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private static Regex Indentation(int width) => new($"^ {{{width}}}", RegexOptions.Multiline);

    [GeneratedRegex(@"^(?<usings>(?:using [^\n]*\n)+).*?\n    public static void Run\([^\n]*\)\n    \{\n(?<statements>.*?\n)    "
        + @"\}\n(?<class>.*)\}\n$", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex("\n```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(\d+) of 60 images are classified correctly, (\d+) of 60 under pgd10\.\n$")]
    private static partial Regex Output();
}
