using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn kernels</c>.</summary>
[Verb("kernels", HelpText = "Compile the GPU kernels without a GPU and report what NVIDIA's assembler makes of them.")]
public sealed class KernelsOptions
{
    [Option("filter", MetaValue = "TEXT", HelpText = "Only kernels whose name contains TEXT, one row each.")]
    public string? Filter { get; set; }

    [Option("arch", Default = "sm_80,sm_90", MetaValue = "A,A", HelpText = "Architectures: sm_80 (A100), sm_90 (H100).")]
    public string Architectures { get; set; } = "sm_80,sm_90";

    [Option("json", MetaValue = "FILE", HelpText = "Also write the full report to a new JSON file.")]
    public string? Json { get; set; }

    [Option("check", HelpText = "Exit with code 1 if a kernel breaks a promise, such as no register spills.")]
    public bool Check { get; set; }

    [Option("quiet", HelpText = "Print only the result, no progress.")]
    public bool Quiet { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Check every kernel", new KernelsOptions { Check = true }),
        new Example("Convolutions for one architecture", new KernelsOptions { Filter = "Patches", Architectures = "sm_90" }),
    ];
}
