using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn kernels</c>.</summary>
[Verb("kernels", HelpText = "Compile the GPU kernels without a GPU and show what NVIDIA's assembler makes of them.")]
public sealed class KernelsOptions
{
    [Option("filter", MetaValue = "TEXT", HelpText = "Only kernels with this in their name, a row each.")]
    public string? Filter { get; set; }

    [Option("arch", Default = "sm_80,sm_90", MetaValue = "A,A", HelpText = "Architectures: sm_80 (A100), sm_90 (H100).")]
    public string Architectures { get; set; } = "sm_80,sm_90";

    [Option("json", MetaValue = "FILE", HelpText = "Also write everything to this JSON file.")]
    public string? Json { get; set; }

    [Option("check", HelpText = "End with exit code 1 where a kernel breaks a promise: spills, local memory in a product, …")]
    public bool Check { get; set; }

    [Option("quiet", HelpText = "No progress; only the result.")]
    public bool Quiet { get; set; }

    /// <inheritdoc cref="TrainOptions.Strays"/>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Strays { get; set; } = [];

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Every kernel, and whether it keeps its promises", new KernelsOptions { Check = true }),
        new Example("The convolutions alone, for one architecture", new KernelsOptions { Filter = "Conv", Architectures = "sm_90" }),
    ];
}
