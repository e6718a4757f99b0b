using CommandLine;
using CommandLine.Text;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn data</c>.</summary>
[Verb("data", HelpText = "Download a data set, check the local copies, or draw a contact sheet.")]
public sealed class DataOptions
{
    [Value(0, MetaName = "ACTION", HelpText = "fetch, verify or show.")]
    public string? Action { get; set; }

    [Value(1, MetaName = "NAME", HelpText = "A data set; with fetch and verify also 'all'.")]
    public string? Dataset { get; set; }

    [Option("data-dir", MetaValue = "DIR", HelpText = "fetch: download into DIR/NAME. verify, show: look only in DIR. Default: the usual places.")]
    public string? DataDirectory { get; set; }

    [Option("extra", HelpText = "Include SVHN's extra training images.")]
    public bool Extra { get; set; }

    [Option("data", Default = "auto", MetaValue = "CHOICE", HelpText = "auto, real or sketch, as for training.")]
    [HeededBy("ACTION", "show")]
    public string Data { get; set; } = "auto";

    [Option("split", Default = "train", MetaValue = "PART", HelpText = "train, validation or test images.")]
    [HeededBy("ACTION", "show")]
    public string Split { get; set; } = "train";

    [Option("count", Default = 10, MetaValue = "N", HelpText = "Images per class.")]
    [HeededBy("ACTION", "show")]
    public int Count { get; set; } = 10;

    [Option("output", MetaValue = "FILE", HelpText = "The PNG file to write.")]
    [HeededBy("ACTION", "show")]
    public string? Output { get; set; }

    [Option("quiet", HelpText = "Print only the result, no progress.")]
    public bool Quiet { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Download a data set and check it", new DataOptions { Action = "fetch", Dataset = "svhn" }),
        new Example("Check the data sets on this machine", new DataOptions { Action = "verify" }),
        new Example("Draw ten images of each class", new DataOptions { Action = "show", Dataset = "cifar10", Output = "cifar10.png" }),
    ];
}
