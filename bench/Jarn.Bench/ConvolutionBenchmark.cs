using BenchmarkDotNet.Attributes;
using Jarn.Kernels;

namespace Jarn.Bench;

/// <summary>The three convolutions on the shapes that the MNIST networks and the Wide-ResNet spend their time in.</summary>
public class ConvolutionBenchmark : LayerBenchmark
{
    /// <summary>A convolution with padding SAME, as a row of the table of results.</summary>
    public static IEnumerable<Layer> Layers =>
    [
        new(64, 28, 1, 64, 5, 5),
        new(64, 6, 64, 128, 5, 5),
        new(64, 2, 128, 256, 5, 5),
        new(128, 28, 1, 64, 4, 2),
        new(128, 14, 64, 128, 4, 2),
        new(32, 32, 3, 16, 3, 1),
        new(32, 32, 16, 16, 3, 1),
        new(32, 32, 160, 160, 3, 1),
        new(32, 16, 320, 320, 3, 1),
        new(32, 8, 640, 640, 3, 1),
    ];

    [ParamsSource(nameof(Layers))]
    public Layer Layer { get; set; } = null!;

    [GlobalSetup]
    public void Allocate() => Allocate(Layer, winograd: true);
}

/// <summary>A square convolution of square images.</summary>
public sealed record Layer(int Batch, int Extent, int InputChannels, int OutputChannels, int Kernel, int Stride)
{
    public ConvolutionGeometry Geometry =>
        ConvolutionGeometry.Same(new Shape(Batch, Extent, Extent, InputChannels), new Shape(Kernel, Kernel, InputChannels, OutputChannels), Stride);

    /// <summary>Short enough for BenchmarkDotNet's column.</summary>
    public override string ToString() => $"{Batch}×{Extent}²×{InputChannels}→{OutputChannels} {Kernel}²/{Stride}";
}
