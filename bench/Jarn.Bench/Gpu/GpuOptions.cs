using CommandLine;

namespace Jarn.Bench.Gpu;

/// <summary>The command line of <c>bench/Jarn.Bench -- gpu</c>.</summary>
[Verb("gpu", HelpText = "Check the kernels' results on a GPU, time them, and compare the times with the card's peak.")]
internal sealed class GpuOptions
{
    [Option("device", Default = "cuda", MetaValue = "NAME", HelpText = "cuda or opencl; cpu to try the command without a GPU.")]
    public string Device { get; set; } = "cuda";

    [Option("json", MetaValue = "FILE", HelpText = "Also write the results to this JSON file, for bench/peers/torch_gpu.py.")]
    public string? Json { get; set; }

    [Option("only", MetaValue = "TEXT", HelpText = "Run only the cases whose name contains TEXT.")]
    public string? Only { get; set; }

    [Option("quick", HelpText = "Use tiny shapes and few repetitions, to check that everything runs.")]
    public bool Quick { get; set; }
}
