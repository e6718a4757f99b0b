using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn devices</c>.</summary>
[Verb("devices", HelpText = "List the devices: what can be computed on, and why not on others.")]
public sealed class DevicesOptions
{
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples => [new Example("What --device can be here", new DevicesOptions())];
}
