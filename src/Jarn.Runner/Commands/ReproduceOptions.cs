using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn reproduce</c>, as typed.</summary>
[Verb("reproduce", HelpText = "Make a table or figure of the paper: train what is missing, measure, and set the paper's figures beside.")]
public sealed class ReproduceOptions : RecipeOptions
{
    [Value(0, MetaName = "TARGET", HelpText = "table1 to table5, figure2 to figure5, or all.")]
    public IEnumerable<string> Targets { get; set; } = [];

    [Option("dataset", MetaValue = "NAME", HelpText = "Of tables 4 and 5 and the figures; cifar10 without it. Tables 1 to 3 have their own.")]
    public string? Dataset { get; set; }

    [Option("seeds", Default = 1, MetaValue = "N", HelpText = "Train with seeds 0 to N-1: mean and standard deviation.")]
    public int Seeds { get; set; } = 1;

    [Option("methods", MetaValue = "M,M", HelpText = "Only these of the target's methods.")]
    public string? Methods { get; set; }

    [Option("runs", Default = "runs", MetaValue = "DIR", HelpText = "Where runs are kept, and finished ones of the same configuration are found again.")]
    public string Runs { get; set; } = "runs";

    [Option("output", MetaValue = "DIR", HelpText = "Folder for CSV, Markdown and PNG; reproduction/<target>-<preset> without it.")]
    public string? Output { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("What the paper says of MNIST, at a size for two cores", new ReproduceOptions { Targets = ["table1"], Preset = "small" }),
        new Example("Everything, as the mean of three seeds", new ReproduceOptions { Targets = ["all"], Preset = "paper", Seeds = 3 }),
    ];
}
