using ILGPU;

namespace Jarn.Kernels;

/// <summary>The input as the matrix of its patches, [pixels of the output, taps·channels]: the left factor of the forward product.</summary>
internal readonly record struct Patches(ArrayView<float> Elements, ConvGeometry Geometry, int OutputHeight, int OutputWidth) : ILeftOperand
{
    public static bool SummedIsContiguous => true;

    public Coordinates Outer(int pixel) => Corner(pixel);

    public Coordinates Summed(int tap) => Tap(tap);

    public int Index(Coordinates corner, Coordinates tap)
    {
        int h = corner.Second + tap.First, w = corner.Third + tap.Second;
        bool inside = h >= 0 && h < Geometry.InputHeight && w >= 0 && w < Geometry.InputWidth;
        return inside ? ((((corner.First + h) * Geometry.InputWidth) + w) * Geometry.InputChannels) + tap.Third : -1;
    }

    public int ResultRow(int row) => row;

    /// <summary>The first row of the image, counted over the batch, and the input's row and column under the filter's corner.</summary>
    public Coordinates Corner(int pixel)
    {
        int q = pixel % OutputWidth, line = pixel / OutputWidth;
        int p = line % OutputHeight, n = line / OutputHeight;
        return new Coordinates(
            n * Geometry.InputHeight, (p * Geometry.StrideHeight) - Geometry.PadTop, (q * Geometry.StrideWidth) - Geometry.PadLeft);
    }

    /// <summary>The filter's row, column and channel.</summary>
    public Coordinates Tap(int tap)
    {
        int c = tap % Geometry.InputChannels, position = tap / Geometry.InputChannels;
        return new Coordinates(position / Geometry.KernelWidth, position % Geometry.KernelWidth, c);
    }
}

/// <summary>The same matrix transposed, the sum over the pixels: the left factor of the filter gradient.</summary>
internal readonly record struct TransposedPatches(Patches Patches) : ILeftOperand
{
    public static bool SummedIsContiguous => false;

    public ArrayView<float> Elements => Patches.Elements;

    public Coordinates Outer(int tap) => Patches.Tap(tap);

    public Coordinates Summed(int pixel) => Patches.Corner(pixel);

    public int Index(Coordinates tap, Coordinates corner) => Patches.Index(corner, tap);

    public int ResultRow(int row) => row;
}

/// <summary>
/// The pixels (h, w) of the input with (h+top) mod stride = RowResidue and (w+left) mod stride = ColumnResidue, and the taps that reach
/// them: r = RowResidue + i·stride. There p = (h+top−r)/stride is whole, and falls by one as i grows: no product with a hole of the
/// strided grid is formed.
/// </summary>
internal readonly record struct ResidueClass(ConvGeometry Geometry, int RowResidue, int ColumnResidue)
{
    /// <summary>The first row of the class: the smallest h ≥ 0.</summary>
    public int FirstRow => FirstOf(Geometry.StrideHeight, RowResidue, Geometry.PadTop);

    public int FirstColumn => FirstOf(Geometry.StrideWidth, ColumnResidue, Geometry.PadLeft);

    public int Rows => CountOf(Geometry.InputHeight, FirstRow, Geometry.StrideHeight);

    public int Columns => CountOf(Geometry.InputWidth, FirstColumn, Geometry.StrideWidth);

    public int TapRows => CountOf(Geometry.KernelHeight, RowResidue, Geometry.StrideHeight);

    public int TapColumns => CountOf(Geometry.KernelWidth, ColumnResidue, Geometry.StrideWidth);

    private static int FirstOf(int stride, int residue, int before) => (((residue - before) % stride) + stride) % stride;

    private static int CountOf(int extent, int first, int stride) => extent > first ? ((extent - first - 1) / stride) + 1 : 0;
}

/// <summary>The output's cotangent as it meets a class of input pixels, [pixels of the class, taps of the class·filters].</summary>
internal readonly record struct CotangentPatches(
    ArrayView<float> Elements, ConvGeometry Geometry, int OutputHeight, int OutputWidth,
    int FirstRow, int FirstColumn, int Rows, int Columns, int TapColumns) : ILeftOperand
{
    public static bool SummedIsContiguous => true;

    /// <summary>The first row of the image, counted over the batch, and the output's row and column for the first tap of the class.</summary>
    public Coordinates Outer(int pixel)
    {
        int column = pixel % Columns, line = pixel / Columns;
        int row = line % Rows, n = line / Rows;
        return new Coordinates(
            n * OutputHeight,
            row + ((FirstRow + Geometry.PadTop) / Geometry.StrideHeight),
            column + ((FirstColumn + Geometry.PadLeft) / Geometry.StrideWidth));
    }

    public Coordinates Summed(int tap)
    {
        int k = tap % Geometry.OutputChannels, position = tap / Geometry.OutputChannels;
        return new Coordinates(position / TapColumns, position % TapColumns, k);
    }

    public int Index(Coordinates pixel, Coordinates tap)
    {
        int p = pixel.Second - tap.First, q = pixel.Third - tap.Second;
        bool inside = p >= 0 && p < OutputHeight && q >= 0 && q < OutputWidth;
        return inside ? ((((pixel.First + p) * OutputWidth) + q) * Geometry.OutputChannels) + tap.Third : -1;
    }

    public int ResultRow(int pixel)
    {
        int column = pixel % Columns, line = pixel / Columns;
        int h = FirstRow + (line % Rows * Geometry.StrideHeight), w = FirstColumn + (column * Geometry.StrideWidth);
        return (((line / Rows * Geometry.InputHeight) + h) * Geometry.InputWidth) + w;
    }
}

/// <summary>The filter at a class's taps, [taps of the class·filters, input channels]: the right factor of the input gradient.</summary>
internal readonly record struct ClassFilter(
    ArrayView<float> Elements, ConvGeometry Geometry, int RowResidue, int ColumnResidue, int TapColumns) : IRightOperand
{
    public static bool SummedIsContiguous => true;

    public Coordinates Outer(int channel) => new(channel * Geometry.OutputChannels, 0, 0);

    public Coordinates Summed(int tap)
    {
        int k = tap % Geometry.OutputChannels, position = tap / Geometry.OutputChannels;
        int r = RowResidue + (position / TapColumns * Geometry.StrideHeight);
        int t = ColumnResidue + (position % TapColumns * Geometry.StrideWidth);
        return new Coordinates((((r * Geometry.KernelWidth) + t) * Geometry.InputChannels * Geometry.OutputChannels) + k, 0, 0);
    }

    public int Index(Coordinates channel, Coordinates tap) => tap.First + channel.First;
}
