using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn report</c>, as typed.</summary>
[Verb("report", HelpText = "Write or update report.html of a finished run.")]
public sealed class ReportOptions : DeviceOptions
{
    [Option("checkpoint", Required = true, MetaValue = "DIR", HelpText = "A finished run's folder.")]
    public string Checkpoint { get; set; } = "";

    [Option("images", MetaValue = "N", HelpText = "Measure accuracy over ε on the first N test images; default: up to 500, fewer on slow devices.")]
    public int? Images { get; set; }

    [Option("data-dir", MetaValue = "DIR", HelpText = "Folder of the run's data files. Default: where the run found them.")]
    public string? DataDirectory { get; set; }

    [Option("tensorboard", Default = "on", MetaValue = "HOW", HelpText = "on: also update the run's TensorBoard file; off: leave it as it is.")]
    public string TensorBoard { get; set; } = "on";

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Update a run's page", new ReportOptions { Checkpoint = "runs/mnist" }),
        new Example("Measure accuracy over ε on 1000 images", new ReportOptions { Checkpoint = "runs/mnist", Images = 1000 }),
    ];
}
