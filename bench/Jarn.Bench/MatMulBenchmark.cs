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
        .. LinearLayer(samples: 64, inputs: 256, outputs: 10),
        .. LinearLayer(samples: 128, inputs: 7 * 7 * 128, outputs: 1),
        .. LinearLayer(samples: 128, inputs: 640, outputs: 10),
        .. from transposeA in new[] { false, true }
           from transposeB in new[] { false, true }
           select new Product(new MatMulGeometry(512, 512, 512, transposeA, transposeB)),
        new(new MatMulGeometry(1024, 1024, 1024)),
        new(new MatMulGeometry(511, 513, 509)),
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

    /// <summary>The layer, its input's gradient, its weight's.</summary>
    private static IEnumerable<Product> LinearLayer(int samples, int inputs, int outputs) =>
    [
        new(new MatMulGeometry(samples, outputs, inputs)),
        new(new MatMulGeometry(samples, inputs, outputs, TransposeB: true)),
        new(new MatMulGeometry(inputs, outputs, samples, TransposeA: true)),
    ];
}

/// <summary>A matrix product, as a row of the table of results.</summary>
public sealed record Product(MatMulGeometry Geometry)
{
    /// <summary>Rows × inner × columns, and N or T for each matrix as in BLAS: short enough for BenchmarkDotNet's column.</summary>
    public override string ToString() =>
        $"{Geometry.Rows}×{Geometry.Inner}×{Geometry.Columns} {(Geometry.TransposeA ? 'T' : 'N')}{(Geometry.TransposeB ? 'T' : 'N')}";
}
