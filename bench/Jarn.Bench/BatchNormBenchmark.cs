using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>Batch norm with a leaky ReLU behind it, in its three orders: the Wide-ResNet's shapes, then the discriminator's.</summary>
[MemoryDiagnoser]
public class BatchNormBenchmark
{
    private IDevice _device = null!;
    private BatchNormGeometry _geometry;
    private BatchNormGradientInputs _inputs;
    private BatchNormSecondCotangents _second;
    private DeviceBuffer _y = null!, _xCotangent = null!, _outputCotangentCotangent = null!;
    private DeviceBuffer _gammaCotangent = null!, _betaCotangent = null!, _gammaSecond = null!;

    public static IEnumerable<(int Samples, int Channels)> Shapes => [(65536, 16), (65536, 64), (65536, 160), (25088, 64), (6272, 128)];

    [ParamsSource(nameof(Shapes))]
    public (int Samples, int Channels) Shape { get; set; }

    [GlobalSetup]
    public void Allocate()
    {
        _device = Devices.Open(DeviceKind.Cpu);
        _geometry = new BatchNormGeometry(Shape.Samples, Shape.Channels, 1e-3, Slope: 0.1);
        ulong stream = 0;
        DeviceBuffer Random(int length)
        {
            DeviceBuffer buffer = _device.Allocate(length);
            _device.RandomUniform(new RandomKey(1, stream++), -1, 1, buffer);
            return buffer;
        }
        DeviceBuffer Full() => Random(_geometry.Length);
        DeviceBuffer Channels() => Random(_geometry.Channels);
        _inputs = new BatchNormGradientInputs(Full(), Channels(), Full(), Channels(), Channels(), Channels());
        _second = new BatchNormSecondCotangents(Full(), Channels(), Channels());
        (_y, _xCotangent, _outputCotangentCotangent) = (Full(), Full(), Full());
        (_gammaCotangent, _betaCotangent, _gammaSecond) = (Channels(), Channels(), Channels());
    }

    [GlobalCleanup]
    public void Dispose() => _device.Dispose();

    [Benchmark]
    public void Forward() =>
        _device.BatchNorm(_inputs.X, _inputs.Gamma, _inputs.Beta, _geometry, _y, _inputs.Mean, _inputs.ReciprocalDeviation);

    [Benchmark]
    public void Backward() => _device.BatchNormGradient(_inputs, _geometry, _xCotangent, _gammaCotangent, _betaCotangent);

    [Benchmark]
    public void DoubleBackward() =>
        _device.BatchNormGradientGradient(_inputs, _second, _geometry, _xCotangent, _gammaSecond, _outputCotangentCotangent);
}
