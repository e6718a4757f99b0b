using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// An image [batch, Height, Width, Channels] as the matrix of its patches, [positions of the window, its taps·channels]: the left factor
/// of the forward product, where the image is the input and the window the filter.
/// </summary>
/// <param name="TapRows">The window's height; <paramref name="TapColumns"/> is its width.</param>
/// <param name="Rows">Positions of the window in an image from top to bottom; <paramref name="Columns"/> from left to right.</param>
/// <param name="FirstRow">
/// The row of the image under the window's corner, negative in the padding; <paramref name="FirstColumn"/> is its column.
/// </param>
/// <param name="StepRows">The window's stride downwards; <paramref name="StepColumns"/> to the right.</param>
internal readonly record struct Patches(
    ArrayView<float> Elements, int Height, int Width, Divisor Channels, int TapRows, Divisor TapColumns, Divisor Rows, Divisor Columns,
    int FirstRow, int FirstColumn, int StepRows, int StepColumns) : ILeftOperand<Patches, OuterRows>
{
    public Patches(ArrayView<float> input, ConvolutionGeometry g) : this(
        input, g.InputHeight, g.InputWidth, new(g.InputChannels), g.KernelHeight, new(g.KernelWidth), new(g.OutputHeight), new(g.OutputWidth),
        -g.PadTop, -g.PadLeft, g.StrideHeight, g.StrideWidth)
    {
    }

    public static bool SummedIsContiguous => true;

    public int Run => Channels.Value;

    public int Terms => TapRows * TapColumns.Value * Channels.Value;

    public Patches Part(int part) => this;

    public OuterRows Facing(OuterRows right) => right;

    /// <summary>The image's element, row and column under the window's corner.</summary>
    public Coordinates Outer(int position)
    {
        int line = Columns.Quotient(position), n = Rows.Quotient(line);
        int h = (Rows.Remainder(line, n) * StepRows) + FirstRow, w = (Columns.Remainder(position, line) * StepColumns) + FirstColumn;
        return new Coordinates(((((n * Height) + h) * Width) + w) * Channels.Value, h, w);
    }

    /// <summary>
    /// How far tap (r, t) and channel c lie from the corner: (r·Width + t)·Channels + c, of which the tap's index is
    /// (r·TapColumns + t)·Channels + c.
    /// </summary>
    public Coordinates Summed(int tap)
    {
        int place = Channels.Quotient(tap), r = TapColumns.Quotient(place);
        return new Coordinates(tap + (r * ((Width - TapColumns.Value) * Channels.Value)), r, TapColumns.Remainder(place, r));
    }

    public int Index(Coordinates corner, Coordinates tap) => corner.IndexInside(tap, Height, Width);

    public int ResultRow(int row) => row;
}

/// <summary>The same matrix transposed, the sum over the positions: the left factor of the filter gradient.</summary>
internal readonly record struct TransposedPatches(Patches Patches, int Terms) : ILeftOperand<TransposedPatches, OuterRows>
{
    public static bool SummedIsContiguous => false;

    public ArrayView<float> Elements => Patches.Elements;

    public int Run => Patches.Run;

    public TransposedPatches Part(int part) => this;

    public OuterRows Facing(OuterRows right) => right;

    public Coordinates Outer(int tap) => Patches.Summed(tap);

    public Coordinates Summed(int position) => Patches.Outer(position);

    public int Index(Coordinates tap, Coordinates corner) => Patches.Index(corner, tap);

    public int ResultRow(int row) => row;
}
