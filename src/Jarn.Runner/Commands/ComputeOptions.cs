using CommandLine;

namespace Jarn.Runner.Commands;

/// <summary>What every command that computes on a data set takes: where the data are and on what to compute.</summary>
[OptionGroup("Data and device")]
public abstract class ComputeOptions : DeviceOptions
{
    [Option("data", Default = "auto", MetaValue = "CHOICE", HelpText = "auto (drawn ones where there are no real ones), real or sketch.")]
    public string Data { get; set; } = "auto";

    [Option("data-dir", MetaValue = "DIR", HelpText = "Folder of the data files. Else $JARN_DATA, the cache folder, a download.")]
    public string? DataDirectory { get; set; }
}
