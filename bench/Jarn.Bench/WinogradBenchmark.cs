using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>Direct convolution and Winograd's, on the shapes where the rule prefers the latter.</summary>
[MemoryDiagnoser]
public class WinogradBenchmark
{
    private CpuDevice _device = null!;
    private DeviceBuffer _input = null!, _filter = null!, _output = null!;
    private ConvGeometry _geometry;

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
    public void Allocate()
    {
        _device = new CpuDevice(winograd: Winograd);
        _geometry = Layer.Geometry;
        _input = _device.Allocate(_geometry.InputLength);
        _filter = _device.Allocate(_geometry.FilterLength);
        _output = _device.Allocate(_geometry.OutputLength);
        foreach ((int stream, DeviceBuffer buffer) in new[] { _input, _filter, _output }.Index())
        {
            _device.RandomUniform(new RandomKey(1, (ulong)stream), -1, 1, buffer);
        }
    }

    [GlobalCleanup]
    public void Dispose() => _device.Dispose();

    [Benchmark]
    public void Forward() => _device.Convolution(_input, _filter, _geometry, _output);

    [Benchmark]
    public void InputGradient() => _device.ConvolutionInputGradient(_output, _filter, _geometry, _input);

    /// <summary>As in a training step, where the filter has changed since.</summary>
    [Benchmark]
    public void ForwardWithANewFilter()
    {
        _device.Fill(0.5, _filter);
        Forward();
    }
}
