using CommandLine;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn data</c>.</summary>
[Verb("data", HelpText = "fetch NAME downloads a data set, verify [NAME] checks those that are here, show NAME --output FILE.png pictures one.")]
public sealed class DataOptions
{
    [Value(0, MetaName = "ACTION", HelpText = "fetch, verify or show.")]
    public string? Action { get; set; }

    [Value(1, MetaName = "NAME", HelpText = "A data set; all, to fetch or verify, for every one.")]
    public string? Dataset { get; set; }

    /// <summary>What is too much.</summary>
    [Value(2, Hidden = true)]
    public IEnumerable<string> Strays { get; set; } = [];

    [Option("data-dir", MetaValue = "DIR", HelpText = "fetch: download into its subfolder NAME. verify, show: look there. Else the usual places.")]
    public string? DataDirectory { get; set; }

    [Option("extra", HelpText = "With the extra training images that svhn has.")]
    public bool Extra { get; set; }

    [Option("data", Default = "auto", MetaValue = "CHOICE", HelpText = "show: auto, real or sketch, as for training.")]
    public string Data { get; set; } = "auto";

    [Option("split", Default = "train", MetaValue = "PART", HelpText = "show: train or test.")]
    public string Split { get; set; } = "train";

    [Option("count", Default = 10, MetaValue = "N", HelpText = "show: images of each class.")]
    public int Count { get; set; } = 10;

    [Option("output", MetaValue = "FILE", HelpText = "show: the PNG file to write.")]
    public string? Output { get; set; }

    [Option("quiet", HelpText = "No progress; only the result.")]
    public bool Quiet { get; set; }
}
