using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>Matrix products: the linear layers with both their gradients, and squares in every transposition.</summary>
[MemoryDiagnoser]
public class MatMulBenchmark
{
    private IDevice _device = null!;
    private DeviceBuffer _a = null!, _b = null!, _c = null!;

    public static IEnumerable<Product> Products =>
    [
        .. LinearLayer("MNIST classifier", 64, 256, 10),
        .. LinearLayer("MNIST discriminator", 128, 7 * 7 * 128, 1),
        .. LinearLayer("Wide-ResNet-10", 128, 640, 10),
        .. from transposeA in new[] { false, true }
           from transposeB in new[] { false, true }
           select new Product("square", new MatMulGeometry(512, 512, 512, transposeA, transposeB)),
        new("square", new MatMulGeometry(1024, 1024, 1024)),
        new("odd", new MatMulGeometry(511, 513, 509)),
    ];

    [ParamsSource(nameof(Products))]
    public Product Product { get; set; } = null!;

    [GlobalSetup]
    public void Allocate()
    {
        MatMulGeometry geometry = Product.Geometry;
        _device = Devices.Open(DeviceKind.Cpu);
        _a = _device.Allocate(geometry.Rows * geometry.Inner);
        _b = _device.Allocate(geometry.Inner * geometry.Columns);
        _c = _device.Allocate(geometry.Rows * geometry.Columns);
        _device.RandomUniform(new RandomKey(1, 0), -1, 1, _a);
        _device.RandomUniform(new RandomKey(1, 1), -1, 1, _b);
    }

    [GlobalCleanup]
    public void Dispose() => _device.Dispose();

    [Benchmark]
    public void Multiply() => _device.MatMul(_a, _b, Product.Geometry, _c);

    private static IEnumerable<Product> LinearLayer(string name, int samples, int inputs, int outputs) =>
    [
        new(name, new MatMulGeometry(samples, outputs, inputs)),
        new($"{name}, input gradient", new MatMulGeometry(samples, inputs, outputs, TransposeB: true)),
        new($"{name}, weight gradient", new MatMulGeometry(inputs, outputs, samples, TransposeA: true)),
    ];
}

/// <summary>A matrix product and what it is for.</summary>
public sealed record Product(string Name, MatMulGeometry Geometry)
{
    public override string ToString() =>
        $"{Geometry.Rows}×{Geometry.Inner}{(Geometry.TransposeA ? "ᵀ" : "")} · {Geometry.Inner}×{Geometry.Columns}{(Geometry.TransposeB ? "ᵀ" : "")} {Name}";
}
