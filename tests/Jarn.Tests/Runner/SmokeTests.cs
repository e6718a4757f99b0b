using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CommandLine;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.KernelReports;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runner;

/// <summary>
/// Every command of the README, every example of every help page and every help page itself, each in a process of its own and in a folder of its
/// own, where the files that it names lie ready. They are made short by options behind them.
/// </summary>
[Parallelizable(ParallelScope.Children)]
[Category(TestCategory.Thorough)]
public sealed partial class SmokeTests
{
    private const string Training = "--device cpu --steps 2 --batch-size 4 --limit-train 8 --limit-test 2 --attacks fgsm --report off";

    /// <summary>Behind each command, but for what it says itself.</summary>
    private static readonly Dictionary<string, string> _short = new()
    {
        // The preset auto measures first what the paper's recipe would cost.
        ["train"] = $"--data sketch --preset small {Training}",
        ["reproduce"] = $"--data sketch {Training}",
        ["evaluate"] = "--limit-test 4",
        ["audit"] = "--examples 10",
        ["report"] = "--images 2",
        ["kernels"] = "--filter Fill",
    };

    private readonly TemporaryFolder _folder = new();

    private static Type[] Verbs { get; } = [.. typeof(CommandLineInterface).Assembly.GetTypes().Where(type => type.IsDefined(typeof(VerbAttribute)))];

    private static string[] Examples { get; } =
    [
        .. Verbs.SelectMany(verb => HelpPage.Examples(verb)).Select(example => example.Command["jarn ".Length..]),
    ];

    /// <summary>In blocks of code, and in running text where a command is given as it is typed.</summary>
    private static string[] OfReadme { get; } =
    [
        .. from match in Quoted().Matches(File.ReadAllText(Path.Combine(Repository(), "README.md"))).Cast<Match>()
           let command = match.Groups["command"].Value.Trim().Replace("runs/…", "runs/mnist", StringComparison.Ordinal)
           where !command.Contains('…') && !command.Contains('|') && command.Contains(' ') && !command.Contains("--help")
           let words = command.Split(' ')
           where match.Groups["program"].Success || Verbs.Any(verb => Name(verb) == words[0])
           select command,
    ];

    private static IEnumerable<string> Commands => Examples.Concat(OfReadme).Distinct();

    [OneTimeSetUp]
    public void Train()
    {
        ProcessResult result = JarnProcess.Run(
            _folder.Path, [.. $"train --data sketch --method standard {Training} --output tiny --quiet".Split(' ')]);
        Assert.That(result.Code, Is.Zero, result.ToString());
        Classifiers.Save(_folder["foreign"], Classifiers.WideResNet(width: 1, depth: 8), "cifar10");
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_readme_has_commands() => Assert.That(OfReadme, Has.Length.AtLeast(3), "or their form has changed, and this no longer finds them");

    [TestCaseSource(nameof(Commands))]
    public void Works_as_it_is_documented(string command)
    {
        object options = CommandLineInterface.Parse(Words(command));
        string verb = Name(options.GetType()), folder = _folder[Guid.NewGuid().ToString()];
        string[] words = [.. Words(command), .. Shorter(options, command)];
        LayOut(folder, options);
        ProcessResult result = JarnProcess.Run(folder, words);
        Assert.That(result.Error, Does.Not.Contain("Unhandled").And.Not.Contain("   at "));
        (int code, string said) = verb switch
        {
            // There is no network.
            "data" when command.Contains("fetch") => (2, "could not be downloaded"),
            "kernels" when command.Contains("--check") && CudaTools.Find() is null => (2, "--check needs NVIDIA's assembler"),
            _ => (0, ""),
        };
        Assert.That(result.Code, Is.EqualTo(code), result.ToString());
        Assert.That(result.Error, Does.Contain(said));
    }

    [TestCaseSource(nameof(Verbs))]
    public void Helps(Type verb)
    {
        ProcessResult result = JarnProcess.Run(_folder.Path, Name(verb), "--help");
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.StartWith($"jarn {Name(verb)}"));
    }

    /// <summary>A config.json in a process that has done nothing before.</summary>
    [Test]
    public void Train_repeats_a_config_file()
    {
        ProcessResult result = JarnProcess.Run(
            _folder.Path, "train", "--config", "tiny/config.json", "--output", "again", "--report", "off", "--quiet");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(File.ReadAllBytes(_folder["again/model.safetensors"]), Is.EqualTo(File.ReadAllBytes(_folder["tiny/model.safetensors"])));
    }

    private static IEnumerable<string> Shorter(object options, string command)
    {
        // A run that goes on has its settings.
        string[] more = options is TrainOptions { Resume: not null } ? [] : _short.GetValueOrDefault(Name(options.GetType()))?.Split(' ') ?? [];
        bool isWide = options is TrainOptions { Dataset: not ("mnist" or "fashion-mnist") }
                or ReproduceOptions { Dataset: not ("mnist" or "fashion-mnist") }
                or ImportOptions { Network: "wide-resnet" }
            && !(options is ReproduceOptions reproduce && reproduce.Targets.Single() == "table1");
        return more.Chunk(2).Concat(isWide ? [["--width", "1"], ["--depth", "8"]] : [])
            .Concat(options is DataOptions { Action: "show" } ? [["--data", "sketch"]] : [])
            .Where(pair => !command.Contains($"{pair[0]} ") && !(pair[0] == "--preset" && command.Contains("--config"))).SelectMany(pair => pair);
    }

    /// <summary>Makes the files and folders that a command reads.</summary>
    private void LayOut(string folder, object options)
    {
        Directory.CreateDirectory(folder);
        Type verb = options.GetType();
        IEnumerable<string> read = Declaration.OptionsOf(verb).Concat(Declaration.OperandsOf(verb))
            .Where(declared => declared.IsPath && declared.LongName is not ("output" or "json" or "runs"))
            .SelectMany(declared => declared.Of(options) switch
            {
                string path => [path],
                IEnumerable<string> paths => paths,
                _ => Enumerable.Empty<string>(),
            });
        if (options is RunsOptions { Action: "list" })
        {
            read = ["runs/mnist"];
        }
        foreach (string path in read.Distinct())
        {
            string whole = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            switch (Path.GetExtension(path))
            {
                case ".png":
                    WritePicture(whole);
                    break;
                case "" when options is PredictOptions predict && predict.Images.Contains(path):
                    Directory.CreateDirectory(whole);
                    WritePicture(Path.Combine(whole, "one.png"));
                    break;
                case ".safetensors" when options is ImportOptions { Network: not null }:
                    SafeTensors.Write(whole, SafeTensors.Read(_folder["foreign"]).Tensors, new Dictionary<string, string>());
                    break;
                case ".safetensors":
                    File.Copy(_folder["tiny/model.safetensors"], whole);
                    break;
                default:
                    string run = path.EndsWith(".json", StringComparison.Ordinal) ? Path.GetDirectoryName(whole)! : whole;
                    Directory.CreateDirectory(run);
                    foreach (string file in Directory.EnumerateFiles(_folder["tiny"]))
                    {
                        File.Copy(file, Path.Combine(run, Path.GetFileName(file)));
                    }
                    break;
            }
        }
    }

    private static void WritePicture(string path)
    {
        using SkiaSharp.SKBitmap bitmap = new(28, 28);
        using SkiaSharp.SKData png = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
    }

    /// <summary>The placeholders of texts stand for what is there.</summary>
    private static string[] Words(string command) => [.. command
        .Replace("FILE.safetensors", "tiny.safetensors", StringComparison.Ordinal).Replace("DIR", "runs/mnist", StringComparison.Ordinal)
        .Replace("TEXT", "Fill", StringComparison.Ordinal)
        // Of everything, one run each is enough.
        .Replace("all --seeds 3", "all --seeds 1", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static string Name(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex(@"^(?<program>(?:dotnet run .*src/Jarn\.Runner --|jarn) )(?<command>[^#\n]*)|`(?<program>jarn )?(?<command>[a-z][^`\n]*)`",
        RegexOptions.Multiline)]
    private static partial Regex Quoted();
}
