using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// The left factor of the input gradient. The pixels of the input that meet the same taps of the filter are one of stride² classes, and
/// make a product of their own: to them the output's cotangent is an image under a window of these taps, with stride 1 and the filter
/// turned round, and none is formed with a hole of the strided grid. A part is a class; all count as many pixels as the first, some of
/// which lie outside the input.
/// </summary>
internal readonly record struct CotangentPatches(Patches Patches, StridedAxis Height, StridedAxis Width, StridedPhase Rows, StridedPhase Columns)
    : ILeftOperand<CotangentPatches, ClassFilter>
{
    public CotangentPatches(ArrayView<float> outputCotangent, ConvolutionGeometry g) : this(
        default, new(g.InputHeight, g.KernelHeight, g.StrideHeight, g.PadTop), new(g.InputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft),
        default, default)
    {
        Patches = new Patches(outputCotangent, g.OutputHeight, g.OutputWidth, new(g.OutputChannels), Height.MostTaps.Value, Width.MostTaps,
            Height.Positions, Width.Positions, 0, 0, 1, 1);
    }

    public static bool SummedIsContiguous => true;

    public ArrayView<float> Elements => Patches.Elements;

    public int Run => Patches.Run;

    /// <summary>Of the class; before there is one, of those that have the most.</summary>
    public int Terms => Patches.Terms;

    public int Parts => Height.Phases.Value * Width.Phases.Value;

    /// <summary>Pixels of an image in a class.</summary>
    public int Pixels => Height.Positions.Value * Width.Positions.Value;

    public CotangentPatches Part(int part)
    {
        int phase = Width.Phases.Quotient(part);
        StridedPhase rows = Height.Of(phase), columns = Width.Of(Width.Phases.Remainder(part, phase));
        Patches patches = Patches with
        {
            TapRows = columns.Taps > 0 ? rows.Taps : 0,
            TapColumns = Width.TapsOf(columns),
            FirstRow = rows.FirstOutput,
            FirstColumn = columns.FirstOutput,
        };
        return this with { Patches = patches, Rows = rows, Columns = columns };
    }

    public ClassFilter Facing(ClassFilter right) => right with
    {
        Filters = Patches.Channels,
        TapColumns = Patches.TapColumns,
        LastTap = (Rows.LastTap * right.RowPitch) + (Columns.LastTap * right.ColumnPitch),
        RowStep = (Patches.TapColumns.Value * Width.Stride.Value * right.ColumnPitch) - (Height.Stride.Value * right.RowPitch),
        ColumnStep = -(Width.Stride.Value * right.ColumnPitch) - Patches.Channels.Value,
    };

    public Coordinates Outer(int pixel) => Patches.Outer(pixel);

    public Coordinates Summed(int tap) => Patches.Summed(tap);

    public int Index(Coordinates pixel, Coordinates tap) => Patches.Index(pixel, tap);

    public int ResultRow(int pixel)
    {
        int line = Width.Positions.Quotient(pixel), n = Height.Positions.Quotient(line);
        int h = Rows.Phase + (Height.Positions.Remainder(line, n) * Height.Stride.Value);
        int w = Columns.Phase + (Width.Positions.Remainder(pixel, line) * Width.Stride.Value);
        return (h < Height.Extent) & (w < Width.Extent) ? (((n * Height.Extent) + h) * Width.Extent) + w : -1;
    }
}

/// <summary>
/// The filter [rows, columns, input channels, Filters] at a class's taps, the last first, as a matrix [taps of the class·filters, input
/// channels]: the right factor of the input gradient.
/// </summary>
/// <param name="RowPitch">Elements of a row of taps.</param>
/// <param name="ColumnPitch">Elements of a tap.</param>
/// <param name="LastTap">Element of the class's last tap.</param>
/// <param name="RowStep">The distance from the end of the class's row of taps to the row before.</param>
/// <param name="ColumnStep">The distance from the end of a tap to the one before in the class.</param>
internal readonly record struct ClassFilter(
    ArrayView<float> Elements, int RowPitch, int ColumnPitch, Divisor Filters, Divisor TapColumns, int LastTap, int RowStep,
    int ColumnStep) : IRightOperand
{
    public ClassFilter(ArrayView<float> filter, ConvolutionGeometry g) : this(
        filter, g.KernelWidth * g.InputChannels * g.OutputChannels, g.InputChannels * g.OutputChannels, new(g.OutputChannels), default, 0, 0, 0)
    {
    }

    public static bool SummedIsContiguous => true;

    public int Run => Filters.Value;

    public Coordinates Outer(int channel) => new((channel * Filters.Value) + LastTap, 0, 0);

    public Coordinates Summed(int tap)
    {
        int place = Filters.Quotient(tap), row = TapColumns.Quotient(place);
        return new Coordinates(tap + (place * ColumnStep) + (row * RowStep), 0, 0);
    }

    public int Index(Coordinates channel, Coordinates tap) => channel.Offset + tap.Offset;
}
