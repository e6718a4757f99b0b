using CommandLine;

namespace Jarn.Bench.Gpu;

/// <summary>The command line of <c>bench/Jarn.Bench -- gpu</c>.</summary>
[Verb("gpu", HelpText = "Check the kernels' numbers on a GPU, time them, and set them beside the card's peak.")]
internal sealed class GpuOptions
{
    [Option("device", Default = "cuda", MetaValue = "NAME", HelpText = "cuda, opencl, or cpu to try the command.")]
    public string Device { get; set; } = "cuda";

    [Option("json", MetaValue = "FILE", HelpText = "Also write the rows to this JSON file; bench/peers/torch_gpu.py reads their names.")]
    public string? Json { get; set; }

    [Option("only", MetaValue = "TEXT", HelpText = "Only cases with this in their name.")]
    public string? Only { get; set; }

    [Option("quick", HelpText = "Tiny shapes and few repetitions: to see that it works.")]
    public bool Quick { get; set; }
}
