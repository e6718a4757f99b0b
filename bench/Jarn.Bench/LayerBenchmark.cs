using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>The three convolutions of a layer.</summary>
[MemoryDiagnoser]
public abstract class LayerBenchmark
{
    private DeviceBuffer _input = null!, _output = null!;
    private ConvolutionGeometry _geometry;

    protected CpuDevice Device { get; private set; } = null!;

    protected DeviceBuffer Filter { get; private set; } = null!;

    [GlobalCleanup]
    public void Dispose() => Device.Dispose();

    [Benchmark]
    public void Forward() => Device.Convolution(_input, Filter, _geometry, _output);

    [Benchmark]
    public void InputGradient() => Device.ConvolutionInputGradient(_output, Filter, _geometry, _input);

    [Benchmark]
    public void FilterGradient() => Device.ConvolutionFilterGradient(_input, _output, _geometry, Filter);

    protected void Allocate(Layer layer, bool winograd)
    {
        Device = new CpuDevice(winograd: winograd);
        _geometry = layer.Geometry;
        _input = Device.Allocate(_geometry.InputLength);
        Filter = Device.Allocate(_geometry.FilterLength);
        _output = Device.Allocate(_geometry.OutputLength);
        foreach ((int stream, DeviceBuffer buffer) in new[] { _input, Filter, _output }.Index())
        {
            Device.RandomUniform(new RandomKey(1, (ulong)stream), -1, 1, buffer);
        }
    }
}
