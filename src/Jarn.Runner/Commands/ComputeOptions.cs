using CommandLine;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>Options of every command that computes on a data set.</summary>
[OptionGroup("Data and device")]
public abstract class ComputeOptions : DeviceOptions
{
    [Option("data", Default = "auto", MetaValue = "CHOICE",
        HelpText = "real, sketch (drawn images), or auto: real; training uses drawn images if there are no real ones.")]
    public string Data { get; set; } = "auto";

    [Option("data-dir", MetaValue = "DIR", HelpText = "Folder of the data files. Default: $JARN_DATA, the cache folder, or a download.")]
    [HeededBy("data", "auto", "real")]
    public string? DataDirectory { get; set; }
}
