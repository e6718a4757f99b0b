using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>What memory bounds: a function of one tensor, of two, of one and a bias, a bias' gradient, a whole sum and Adam's step.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmark
{
    private IDevice _device = null!;
    private AxisGeometry _perChannel;
    private DeviceBuffer _x = null!, _s = null!, _y = null!, _moment = null!, _bias = null!, _scalar = null!;

    [Params(1, 4, 16)]
    public int MebibytesPerTensor { get; set; }

    [Params(16, 64)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Allocate()
    {
        _device = Devices.Open(DeviceKind.Cpu);
        int length = MebibytesPerTensor * (1 << 20) / sizeof(float);
        _perChannel = new AxisGeometry(1, length / Channels, Channels);
        (_x, _s, _y, _moment) = (_device.Allocate(length), _device.Allocate(length), _device.Allocate(length), _device.Allocate(length));
        (_bias, _scalar) = (_device.Allocate(Channels), _device.Allocate(1));
        foreach ((int stream, DeviceBuffer buffer) in new[] { _x, _s, _y, _moment, _bias }.Index())
        {
            _device.RandomUniform(new RandomKey(1, (ulong)stream), 0, 1, buffer);
        }
    }

    [GlobalCleanup]
    public void Dispose() => _device.Dispose();

    [Benchmark]
    public void LeakyRelu() => _device.Map(new LeakyRelu(0.1), _x, _y);

    [Benchmark]
    public void Add() => _device.Zip(new Add(), _x, _s, AxisGeometry.Elementwise(_x.Length), _y);

    [Benchmark]
    public void AddBias() => _device.Zip(new Add(), _x, _bias, _perChannel, _y);

    [Benchmark]
    public void SumPerChannel() => _device.Sum(_x, _perChannel, _bias);

    [Benchmark]
    public void SumOfAll() => _device.Sum(_x, new AxisGeometry(1, _x.Length, 1), _scalar);

    [Benchmark]
    public void Adam() => _device.Adam(new AdamStep(1e-3, Iteration: 10), _x, _y, _s, _moment);
}
