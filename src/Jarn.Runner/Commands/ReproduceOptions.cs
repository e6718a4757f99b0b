using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn reproduce</c>, as typed.</summary>
[Verb("reproduce", HelpText = "Reproduce a table or figure of the paper: train missing runs, measure, compare with the paper.")]
public sealed class ReproduceOptions : RecipeOptions
{
    [Value(0, MetaName = "TARGET", HelpText = "table1 to table5, figure2 to figure5, or all.")]
    public IEnumerable<string> Targets { get; set; } = [];

    [Option("dataset", MetaValue = "NAME",
        HelpText = "Data set of table4, table5 and the figures; default: cifar10. Tables 1 to 3 use mnist, svhn, cifar10.")]
    public string? Dataset { get; set; }

    [Option("seeds", Default = 1, MetaValue = "N", HelpText = "Train with seeds 0 to N-1 and show mean and standard deviation.")]
    public int Seeds { get; set; } = 1;

    [Option("methods", MetaValue = "M,M", HelpText = "Use only these methods of the target.")]
    public string? Methods { get; set; }

    [Option("runs", Default = "runs", MetaValue = "DIR", HelpText = "Folder of the runs. Finished runs of the same configuration are reused.")]
    public string Runs { get; set; } = "runs";

    [Option("output", MetaValue = "DIR", HelpText = "Folder for the results; default: reproduction/<target>-<preset>.")]
    public string? Output { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Table 1 (MNIST), sized for two CPU cores", new ReproduceOptions { Targets = ["table1"], Preset = "small" }),
        new Example("All tables and figures, mean of three seeds", new ReproduceOptions { Targets = ["all"], Preset = "paper", Seeds = 3 }),
    ];
}
