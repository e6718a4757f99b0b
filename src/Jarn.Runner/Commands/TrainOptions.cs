using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn train</c>, as typed.</summary>
[Verb("train", isDefault: true, HelpText = "Train a classifier, attack it, and set the result beside the paper's.")]
public sealed class TrainOptions : RecipeOptions
{
    [Option("dataset", Default = "mnist", MetaValue = "NAME", HelpText = "mnist, fashion-mnist, svhn, cifar10 or cifar100.")]
    public string Dataset { get; set; } = "mnist";

    [Option("method", Default = "jarn", MetaValue = "NAME", HelpText = "standard, uniform-noise, fgsm-at1, double-backprop, jarn, pgd-at7, jarn-at1, trades, fast-at, free-at or jacobian-regularization.")]
    public string Method { get; set; } = "jarn";

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Of everything random: the same seed gives the same model, byte for byte.")]
    public ulong Seed { get; set; }

    [Option("extra", HelpText = "svhn: with its 531 131 additional training images.")]
    public bool Extra { get; set; }

    [Option("output", MetaValue = "DIR", HelpText = "Folder for the run's files; runs/<dataset>-<method>-<time> without it.")]
    public string? Output { get; set; }

    [Option("resume", MetaValue = "DIR", HelpText = "Go on with the interrupted run of this folder, as it was begun.")]
    public string? Resume { get; set; }

    [Option("config", MetaValue = "FILE", HelpText = "The settings of this config.json, but for what is given and where files are.")]
    public string? Config { get; set; }

    [Option("profile", HelpText = "Print where the training steps' time went, by operation.")]
    public bool Profile { get; set; }

    /// <summary>The names of the options that were typed, without dashes: the others' values here are defaults.</summary>
    public IReadOnlySet<string> Typed { get; set; } = new HashSet<string>();

    /// <summary>What is no option: a verb that does not exist, or a value without its option's name.</summary>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Strays { get; set; } = [];

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("JARN on house numbers, attacked, beside the paper", new TrainOptions { Dataset = "svhn" }),
        new Example("A short trial", new TrainOptions { Steps = 100 }),
        new Example("Go on with an interrupted run", new TrainOptions { Resume = "runs/mnist" }),
    ];
}
