using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>Direct convolution and Winograd's, on the shapes where the rule prefers the latter.</summary>
public class WinogradBenchmark : LayerBenchmark
{
    public static IEnumerable<Layer> Layers =>
    [
        new(32, 32, 16, 16, 3, 1),
        new(32, 32, 64, 64, 3, 1),
        new(32, 32, 160, 160, 3, 1),
        new(32, 16, 320, 320, 3, 1),
        new(32, 8, 640, 640, 3, 1),
        new(128, 14, 64, 128, 4, 2),
    ];

    [ParamsSource(nameof(Layers))]
    public Layer Layer { get; set; } = null!;

    [Params(false, true)]
    public bool Winograd { get; set; }

    [GlobalSetup]
    public void Allocate() => Allocate(Layer, Winograd);

    /// <summary>As in a training step, where the filter has changed since.</summary>
    [Benchmark]
    public void ForwardWithANewFilter()
    {
        Device.Fill(0.5, Filter);
        Forward();
    }
}
