namespace Jarn.Kernels;

/// <summary>
/// One spatial axis of a convolution seen from its destination, so that the forward pass and the input gradient are one algorithm.
/// Destination i of Count, at the coordinate First + i·Step, receives from tap FirstTap + j·TapStep the source at
/// Offset + j·OffsetStep + i·Advance, or zero where that lies outside [0, Extent).
/// </summary>
/// <remarks>
/// Forward: y[p] takes x[p·stride − before + r] by tap r. Input gradient: x̄[h] takes ȳ[p] by the taps r with p·stride = h + before − r;
/// the h of one residue modulo the stride share the taps of one residue, so each residue is an axis with stride-1 steps.
/// </remarks>
internal readonly record struct TapAxis(
    int First, int Step, int Count, int FirstTap, int TapStep, int Taps, int Offset, int OffsetStep, int Advance, int Extent)
{
    public static TapAxis Forward(int outputs, int kernel, int stride, int before, int inputs) =>
        new(0, 1, outputs, 0, 1, kernel, -before, 1, stride, inputs);

    public static TapAxis Backward(int inputs, int kernel, int stride, int before, int outputs, int residue)
    {
        int firstTap = (residue + before) % stride;
        return new TapAxis(
            residue, stride, CountFrom(residue, inputs, stride), firstTap, stride, CountFrom(firstTap, kernel, stride),
            (residue + before - firstTap) / stride, -1, 1, outputs);
    }

    /// <summary>Whether any destination receives anything by tap j.</summary>
    public bool Reaches(int j)
    {
        for (int i = 0; i < Count; i++)
        {
            if (IsInside(i, j))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The share of the pairs (i, j) that meet a source rather than padding.</summary>
    public double Occupancy()
    {
        int inside = 0;
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Taps; j++)
            {
                inside += IsInside(i, j) ? 1 : 0;
            }
        }
        return Count * Taps == 0 ? 1 : (double)inside / (Count * Taps);
    }

    private bool IsInside(int i, int j) => (uint)(Offset + (j * OffsetStep) + (i * Advance)) < (uint)Extent;

    private static int CountFrom(int first, int end, int step) => first < end ? (end - first + step - 1) / step : 0;
}

/// <summary>
/// In which order the pixels of a batch are taken. Tiles of one position in many images lose whole taps to the padding, and so skip
/// them: worth it on small maps, where padding is a good part of all taps. Else neighbours in one image follow each other.
/// </summary>
internal readonly record struct PixelOrder(int Batch, int Height, int Width, bool PositionMajor)
{
    private const double WorthwhileOccupancy = 0.85;

    public int Count => Batch * Height * Width;

    public static PixelOrder For(int batch, TapAxis vertical, TapAxis horizontal, int rows) => new(
        batch, vertical.Count, horizontal.Count,
        batch >= rows && vertical.Occupancy() * horizontal.Occupancy() < WorthwhileOccupancy);

    public (int Image, int Row, int Column) this[int pixel]
    {
        get
        {
            int divisor = PositionMajor ? Batch : Height * Width, quotient = pixel / divisor, remainder = pixel - (quotient * divisor);
            (int image, int position) = PositionMajor ? (remainder, quotient) : (quotient, remainder);
            int row = position / Width;
            return (image, row, position - (row * Width));
        }
    }
}
