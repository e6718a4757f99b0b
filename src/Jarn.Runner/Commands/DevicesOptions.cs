using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn devices</c>.</summary>
[Verb("devices", HelpText = "List the devices that Jarn can compute on, and why others are unavailable.")]
public sealed class DevicesOptions
{
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples => [new Example("List the devices of this machine", new DevicesOptions())];
}
