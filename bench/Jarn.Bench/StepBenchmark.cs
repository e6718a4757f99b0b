using BenchmarkDotNet.Attributes;
using Jarn.Bench.Peers;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>Training steps of the paper's networks at batch 64, without their optimiser.</summary>
[MemoryDiagnoser]
public class StepBenchmark
{
    private IDevice _device = null!;
    private PeerCase _case = null!;

    /// <summary>MNIST's, or the Wide-ResNet of width 1.</summary>
    [Params("mnist", "wide-resnet/1")]
    public string Networks { get; set; } = "";

    [Params("forward", "standard", "jarn", "pgd7", "discriminator")]
    public string Step { get; set; } = "";

    [GlobalSetup]
    public void Build()
    {
        _device = Devices.Open(DeviceKind.Cpu);
        _case = PeerCases.Create(_device, $"{Networks}/{Step}");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _case.Dispose();
        _device.Dispose();
    }

    [Benchmark]
    public void Run() => _case.Run();
}
