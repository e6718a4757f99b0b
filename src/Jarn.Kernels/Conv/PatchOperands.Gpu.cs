using ILGPU;

namespace Jarn.Kernels;

/// <summary>The input as the matrix of its patches, [pixels of the output, taps·channels]: the left factor of the forward product.</summary>
internal readonly record struct Patches(
    ArrayView<float> Elements, ConvGeometry Geometry, Divisor OutputHeight, Divisor OutputWidth, Divisor KernelWidth, Divisor Channels)
    : ILeftOperand<Patches, OuterRows>
{
    public Patches(ArrayView<float> elements, ConvGeometry geometry) : this(
        elements, geometry, new(geometry.OutputHeight), new(geometry.OutputWidth), new(geometry.KernelWidth), new(geometry.InputChannels))
    {
    }

    public static bool SummedIsContiguous => true;

    public int Run => Geometry.InputChannels;

    public int Terms => Geometry.KernelHeight * Geometry.KernelWidth * Geometry.InputChannels;

    public Patches Part(int part) => this;

    /// <summary>The input's element, row and column under the filter's corner; they may lie before the first.</summary>
    public Coordinates Outer(int pixel)
    {
        int line = OutputWidth.Quotient(pixel), n = OutputHeight.Quotient(line);
        int h = (OutputHeight.Remainder(line, n) * Geometry.StrideHeight) - Geometry.PadTop;
        int w = (OutputWidth.Remainder(pixel, line) * Geometry.StrideWidth) - Geometry.PadLeft;
        return new Coordinates(((((n * Geometry.InputHeight) + h) * Geometry.InputWidth) + w) * Geometry.InputChannels, h, w);
    }

    /// <summary>How far the filter's row, column and channel lie from its corner.</summary>
    public Coordinates Summed(int tap)
    {
        int position = Channels.Quotient(tap), r = KernelWidth.Quotient(position);
        int c = Channels.Remainder(tap, position), t = KernelWidth.Remainder(position, r);
        return new Coordinates((((r * Geometry.InputWidth) + t) * Geometry.InputChannels) + c, r, t);
    }

    public int Index(Coordinates corner, Coordinates tap) => corner.IndexInside(tap, Geometry.InputHeight, Geometry.InputWidth);

    public int ResultRow(int row) => row;
}

/// <summary>The same matrix transposed, the sum over the pixels: the left factor of the filter gradient.</summary>
internal readonly record struct TransposedPatches(Patches Patches) : ILeftOperand<TransposedPatches, OuterRows>
{
    public static bool SummedIsContiguous => false;

    public ArrayView<float> Elements => Patches.Elements;

    public int Run => Patches.Run;

    public int Terms => Patches.Geometry.Batch * Patches.OutputHeight.Value * Patches.OutputWidth.Value;

    public TransposedPatches Part(int part) => this;

    public Coordinates Outer(int tap) => Patches.Summed(tap);

    public Coordinates Summed(int pixel) => Patches.Outer(pixel);

    public int Index(Coordinates tap, Coordinates corner) => Patches.Index(corner, tap);

    public int ResultRow(int row) => row;
}
