namespace Jarn.Kernels;

/// <summary>One axis of a convolution's input, its positions in classes by their remainder: h = phase + m·stride.</summary>
/// <param name="Extent">Of the input.</param>
/// <param name="Kernel">Of the filter.</param>
/// <param name="Before">Padding before the first position.</param>
/// <param name="OutputExtent">Of the output.</param>
/// <param name="Stride">Of the filter on the input.</param>
/// <param name="Phases">Classes that have a position.</param>
/// <param name="Positions">Of the first class; the others have as many or one less.</param>
/// <param name="MostTaps">Of the classes that have more than the others.</param>
/// <param name="FewestTaps">Of the others; 1 where they have none.</param>
internal readonly record struct StridedAxis(
    int Extent, int Kernel, int Before, int OutputExtent, Divisor Stride, Divisor Phases, Divisor Positions, Divisor MostTaps, Divisor FewestTaps)
{
    public StridedAxis(int extent, int kernel, int stride, int before, int outputExtent) : this(
        extent, kernel, before, outputExtent, new(stride), new(Math.Min(stride, extent)), new(GpuDevice.DivideUp(extent, stride)),
        new(GpuDevice.DivideUp(kernel, stride)), new(Math.Max(1, kernel / stride)))
    {
    }

    /// <summary>The positions from this phase on.</summary>
    public StridedPhase Of(int phase)
    {
        int output = Stride.Quotient(phase + Before), tap = Stride.Remainder(phase + Before, output);
        return new StridedPhase(phase, output, tap, Stride.Quotient(Kernel - tap + Stride.Value - 1));
    }

    public Divisor TapsOf(StridedPhase phase) => phase.Taps == MostTaps.Value ? MostTaps : FewestTaps;
}

/// <summary>
/// What a class of positions h = phase + m·stride meets: output p = Output + m − i through tap r = Tap + i·stride, for 0 ≤ i &lt; Taps. For
/// h + before = p·stride + r, and phase + before = Output·stride + Tap.
/// </summary>
internal readonly record struct StridedPhase(int Phase, int Output, int Tap, int Taps);

/// <summary>
/// The pixels of the input that meet the same taps of the filter, one of stride² classes: in the input gradient they make a product of
/// their own, and none is formed with a hole of the strided grid. All classes count as many pixels as the first; some lie outside.
/// </summary>
/// <param name="TapColumns">Taps of the class in a row.</param>
internal readonly record struct ResidueClass(
    StridedAxis Height, StridedAxis Width, Divisor Filters, StridedPhase Rows, StridedPhase Columns, Divisor TapColumns)
{
    public ResidueClass(ConvGeometry g) : this(
        new StridedAxis(g.InputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.OutputHeight),
        new StridedAxis(g.InputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.OutputWidth), new Divisor(g.OutputChannels), default, default, default)
    {
    }

    public int Classes => Height.Phases.Value * Width.Phases.Value;

    /// <summary>Pixels of an image in a class.</summary>
    public int Pixels => Height.Positions.Value * Width.Positions.Value;

    /// <summary>Taps·filters.</summary>
    public int Terms => Rows.Taps * Columns.Taps * Filters.Value;

    /// <summary>Of the class that has the most.</summary>
    public int MostTerms => Height.MostTaps.Value * Width.MostTaps.Value * Filters.Value;

    public ResidueClass Of(int index)
    {
        int row = Width.Phases.Quotient(index);
        StridedPhase columns = Width.Of(Width.Phases.Remainder(index, row));
        return this with { Rows = Height.Of(row), Columns = columns, TapColumns = Width.TapsOf(columns) };
    }

    /// <summary>The image, and the class's row and column in it.</summary>
    public (int N, int Row, int Column) Pixel(int pixel)
    {
        int line = Width.Positions.Quotient(pixel), n = Height.Positions.Quotient(line);
        return (n, Height.Positions.Remainder(line, n), Width.Positions.Remainder(pixel, line));
    }

    /// <summary>The tap's row and column among the class's, and the filter.</summary>
    public (int Row, int Column, int Filter) Tap(int index)
    {
        int position = Filters.Quotient(index), row = TapColumns.Quotient(position);
        return (row, TapColumns.Remainder(position, row), Filters.Remainder(index, position));
    }
}
