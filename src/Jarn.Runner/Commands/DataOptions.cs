using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn data</c>.</summary>
[Verb("data", HelpText = "Download a data set, check those that are here, or picture one.")]
public sealed class DataOptions
{
    [Value(0, MetaName = "ACTION", HelpText = "fetch, verify or show.")]
    public string? Action { get; set; }

    [Value(1, MetaName = "NAME", HelpText = "A data set; all, to fetch or verify, for every one.")]
    public string? Dataset { get; set; }

    [Option("data-dir", MetaValue = "DIR", HelpText = "fetch: download into its subfolder NAME. verify, show: look there. Else the usual places.")]
    public string? DataDirectory { get; set; }

    [Option("extra", HelpText = "With the extra training images that svhn has.")]
    public bool Extra { get; set; }

    [Option("data", Default = "auto", MetaValue = "CHOICE", HelpText = "auto, real or sketch, as for training.")]
    [HeededBy("ACTION", "show")]
    public string Data { get; set; } = "auto";

    [Option("split", Default = "train", MetaValue = "PART", HelpText = "train or test.")]
    [HeededBy("ACTION", "show")]
    public string Split { get; set; } = "train";

    [Option("count", Default = 10, MetaValue = "N", HelpText = "Images of each class.")]
    [HeededBy("ACTION", "show")]
    public int Count { get; set; } = 10;

    [Option("output", MetaValue = "FILE", HelpText = "The PNG file to write.")]
    [HeededBy("ACTION", "show")]
    public string? Output { get; set; }

    [Option("quiet", HelpText = "No progress; only the result.")]
    public bool Quiet { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Download a data set, and check it", new DataOptions { Action = "fetch", Dataset = "svhn" }),
        new Example("See which are here", new DataOptions { Action = "verify" }),
        new Example("A picture of ten images of each class", new DataOptions { Action = "show", Dataset = "cifar10", Output = "cifar10.png" }),
    ];
}
