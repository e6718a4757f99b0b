namespace Jarn.Kernels;

/// <summary>
/// A tensor seen as [Outer, Axis, Inner], to be summed over its middle, or a smaller one [Outer, Inner] to be repeated there.
/// Leading axes have Outer = 1 (a bias), trailing axes Inner = 1 (one number a sample), all axes both; elementwise is Axis = 1.
/// </summary>
public readonly record struct AxisGeometry(int Outer, int Axis, int Inner)
{
    /// <summary>Elements of the larger tensor.</summary>
    public int Length => Require.Product(Outer, Axis, Inner);

    /// <summary>Elements of the smaller one.</summary>
    public int ReducedLength => Require.Product(Outer, Inner);

    /// <summary>Nothing is reduced or repeated.</summary>
    public static AxisGeometry Elementwise(int length) => new(1, 1, length);

    /// <summary>The geometry that reduces all but the last <paramref name="kept"/> dimensions.</summary>
    public static AxisGeometry Leading(Shape shape, int kept)
    {
        (int outer, int inner) = Split(shape, shape.Rank - kept);
        return new AxisGeometry(1, outer, inner);
    }

    /// <summary>The geometry that reduces all but the first <paramref name="kept"/> dimensions.</summary>
    public static AxisGeometry Trailing(Shape shape, int kept)
    {
        (int outer, int inner) = Split(shape, kept);
        return new AxisGeometry(outer, inner, 1);
    }

    public override string ToString() => $"{Outer}×{Axis}×{Inner}";

    internal void Check(DeviceBuffer full, DeviceBuffer reduced)
    {
        Require.Length(full, Length);
        Require.Length(reduced, ReducedLength);
    }

    private static (int Before, int After) Split(Shape shape, int at)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(at);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at, shape.Rank);
        int before = 1;
        for (int d = 0; d < at; d++)
        {
            before *= shape[d];
        }
        return (before, shape.Length / before);
    }
}
