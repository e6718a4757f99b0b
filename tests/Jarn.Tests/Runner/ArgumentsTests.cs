using System.Reflection;
using CommandLine;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>What holds for every option of every command, found by what they declare: a new one is held to it too.</summary>
[NonParallelizable]
public sealed class ArgumentsTests
{
    /// <summary>What may stand for a value in help where it is no path.</summary>
    private static readonly string[] _words =
    [
        "NAME", "CHOICE", "HOW", "WHICH", "WHAT", "KEY", "ORDER", "PART", "FORMAT", "TEXT", "ACTION", "TARGET", "N", "E", "N,N", "F,F",
        "A,A", "M,M",
    ];

    private static Type[] Verbs { get; } = [.. typeof(CommandLineInterface).Assembly.GetTypes().Where(type => type.IsDefined(typeof(VerbAttribute)))];

    private static IEnumerable<TestCaseData> Paths =>
        from verb in Verbs
        from declared in Declaration.OptionsOf(verb).Concat(Declaration.OperandsOf(verb))
        where declared.IsPath
        select new TestCaseData(verb, declared).SetArgDisplayNames($"{Name(verb)} {declared.Name}");

    [TestCaseSource(nameof(Paths))]
    public void An_empty_path_is_refused_before_anything_is_done(Type verb, Declaration path)
    {
        using TemporaryFolder folder = new();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            foreach (string empty in new[] { "", " ", "\t" })
            {
                string[] operands = [.. Declaration.OperandsOf(verb).TakeWhile(operand => operand.Word != path.Word).Select(_ => "x")];
                string[] required =
                [
                    .. Declaration.OptionsOf(verb).Where(option => option.IsRequired && option.Name != path.Name)
                        .SelectMany(option => new[] { option.Name, "x" }),
                ];
                string[] typed = path.LongName is null ? [.. operands, empty] : ["--quiet", path.Name, empty];
                (int code, string error) = CommandLineTests.Run([Name(verb), .. required, .. Quiet(verb, typed)]);
                Assert.That(code, Is.EqualTo(2), error);
                Assert.That(error, Does.StartWith($"jarn: {path.Name} is empty: give a path"));
                Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
            }
            if (path.IsList && path.LongName is not null)
            {
                Assert.That(() => Arguments.Read(verb, [path.Name, "x", ""]),
                    Throws.TypeOf<UserErrorException>().With.Message.StartsWith($"{path.Name} is empty"));
            }
            Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestCaseSource(nameof(Verbs))]
    public void Every_text_is_known_to_be_a_path_or_not(Type verb)
    {
        Assert.That(
            Declaration.OptionsOf(verb).Concat(Declaration.OperandsOf(verb))
                .Where(declared => (declared.IsList || declared.ValueType == typeof(string)) && !declared.IsPath)
                .Select(declared => declared.Word).Except(_words),
            Is.Empty, "another word for a path belongs to Declaration's");
    }

    [TestCaseSource(nameof(Verbs))]
    public void Help_gives_the_defaults_that_count(Type verb)
    {
        object options = Activator.CreateInstance(verb)!;
        Assert.Multiple(() =>
        {
            foreach (Declaration option in Declaration.OptionsOf(verb).Where(option => option.Default is not null))
            {
                Assert.That(option.Of(options), Is.EqualTo(option.Default), option.Name);
            }
        });
    }

    [Test]
    public void Words_are_read_in_any_case_and_paths_as_they_are()
    {
        TrainOptions options = Read<TrainOptions>(
            "TRAIN", "--Dataset", "MNIST", "--method=JARN", "--report", "OFF", "--output", "Runs/New", "--lr", "0.1", "--OPTIMIZER", "SGD");
        Assert.That((options.Dataset, options.Method, options.Report, options.Output, options.Settings["learning-rate"],
            options.Settings["optimiser"]), Is.EqualTo(("mnist", "jarn", "off", "Runs/New", (object)0.1, (object)OptimiserKind.Sgd)));
        Assert.That(options.Typed, Is.EquivalentTo(new[] { "dataset", "method", "report", "output", "learning-rate", "optimiser" }));
        Assert.That(Read<DataOptions>("data", "Show", "CIFAR10"), Has.Property("Action").EqualTo("show").And.Property("Dataset").EqualTo("cifar10"));
    }

    [Test]
    public void The_name_of_the_required_option_may_be_left_out()
    {
        Assert.That(Read<EvaluateOptions>("evaluate", "runs/x", "--attacks", "fgsm").Checkpoint, Is.EqualTo("runs/x"));
        Assert.That(Read<EvaluateOptions>("evaluate", "--quiet", "runs/x").Checkpoint, Is.EqualTo("runs/x"));
        Assert.That(Read<AuditOptions>("audit", "runs/x", "runs/y").Checkpoints, Is.EqualTo(new[] { "runs/x", "runs/y" }));
        Assert.That(Read<ReportOptions>("report", "runs/x").Checkpoint, Is.EqualTo("runs/x"));
        Assert.That(Read<ExportOptions>("export", "runs/x", "--output", "x.onnx").Checkpoint, Is.EqualTo("runs/x"));
        Assert.That(Read<ImportOptions>("import", "x.safetensors", "--output", "x").Input, Is.EqualTo("x.safetensors"));
        PredictOptions predict = Read<PredictOptions>("predict", "runs/x", "a.png", "--", "-b.png");
        Assert.That((predict.Checkpoint, predict.Images), Is.EqualTo(("runs/x", (string[])["a.png", "-b.png"])));
        PredictOptions named = Read<PredictOptions>("predict", "a.png", "--checkpoint", "runs/x", "b.png");
        Assert.That((named.Checkpoint, named.Images), Is.EqualTo(("runs/x", (string[])["a.png", "b.png"])));
        Assert.That(() => Read<PredictOptions>("predict", "a.png"),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("jarn predict needs --checkpoint PATH"));
    }

    [Test]
    public void Negative_numbers_are_values_and_other_dashes_names()
    {
        Assert.That(() => Read<TrainOptions>("--lambda-adv", "-.5"),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("--lambda-adv is -0.5: give"));
        Assert.That(
            () => Read<TrainOptions>("--output", "-x"), Throws.TypeOf<UserErrorException>().With.Message.StartsWith("--output needs a value"));
        Assert.That(Read<TrainOptions>("--output=-x").Output, Is.EqualTo("-x"));
    }

    private static IEnumerable<string> Quiet(Type verb, string[] typed) =>
        Declaration.OptionsOf(verb).Any(option => option.LongName == "quiet") ? typed : typed.Where(word => word != "--quiet");

    private static TOptions Read<TOptions>(params string[] words) => (TOptions)CommandLineInterface.Parse(words);

    private static string Name(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;
}
