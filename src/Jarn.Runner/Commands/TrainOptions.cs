using CommandLine;
using CommandLine.Text;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn train</c>, as typed.</summary>
[Verb("train", isDefault: true, HelpText = "Train a classifier, attack it, and compare the result with the paper.")]
public sealed class TrainOptions : RecipeOptions
{
    [Option("dataset", Default = "mnist", MetaValue = "NAME", HelpText = "{datasets}.")]
    public string Dataset { get; set; } = "mnist";

    [Option("method", Default = "jarn", MetaValue = "NAME", HelpText = "{methods}.")]
    public string Method { get; set; } = "jarn";

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Random seed: the same seed gives the same model, byte for byte.")]
    public ulong Seed { get; set; }

    [Option("extra", HelpText = "Add the 531 131 extra training images of svhn.")]
    [HeededBy("dataset", "svhn")]
    [HeededBy("data", "auto", "real")]
    public bool Extra { get; set; }

    [Option("output", MetaValue = "DIR", HelpText = "Folder for the run's files. Default: runs/<dataset>-<method>-<time>.")]
    public string? Output { get; set; }

    [Option("resume", MetaValue = "DIR", HelpText = "Continue the interrupted run in this folder.")]
    public string? Resume { get; set; }

    [Option("config", MetaValue = "FILE", HelpText = "Start a new run with the settings of this config.json; other options override them.")]
    public string? Config { get; set; }

    [Option("profile", HelpText = "Print how much time the training steps spent in each operation.")]
    public bool Profile { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Train JARN on house numbers and attack it", new TrainOptions { Dataset = "svhn" }),
        new Example("A short trial", new TrainOptions { Settings = { ["steps"] = 100 } }),
        new Example("Continue an interrupted run", new TrainOptions { Resume = "runs/mnist" }),
    ];
}
