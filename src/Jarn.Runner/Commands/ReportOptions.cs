using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn report</c>, as typed.</summary>
[Verb("report", HelpText = "Write the page of a run that is there already: report.html in its folder.")]
public sealed class ReportOptions : DeviceOptions
{
    [Option("checkpoint", Required = true, MetaValue = "DIR", HelpText = "A finished run's folder.")]
    public string Checkpoint { get; set; } = "";

    [Option("images", MetaValue = "N", HelpText = "Measure accuracy over ε on the first N test images; as many as some seconds allow without it.")]
    public int? Images { get; set; }

    [Option("data-dir", MetaValue = "DIR", HelpText = "Folder of the run's data files. Default: where the run found them.")]
    public string? DataDirectory { get; set; }

    [Option("tensorboard", Default = "on", MetaValue = "HOW", HelpText = "on: write its file for 'tensorboard --logdir runs' anew as well; off: leave that.")]
    public string TensorBoard { get; set; } = "on";

    /// <summary>For the help.</summary>
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Write a run's page anew", new ReportOptions { Checkpoint = "runs/mnist" }),
        new Example("Accuracy over ε on a thousand images", new ReportOptions { Checkpoint = "runs/mnist", Images = 1000 }),
    ];
}
