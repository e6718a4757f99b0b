namespace Jarn.Kernels;

/// <summary>
/// The entries Start … Start+Extent−1 of the middle axis of a tensor [Outer, Axis, Inner]; the window itself is [Outer, Extent, Inner].
/// </summary>
public readonly record struct WindowGeometry(int Outer, int Axis, int Inner, int Start, int Extent)
{
    /// <summary>Elements of the tensor.</summary>
    public int Length => Require.Product(Outer, Axis, Inner);

    /// <summary>Elements of the window.</summary>
    public int WindowLength => Require.Product(Outer, Extent, Inner);

    internal void Check(DeviceBuffer full, DeviceBuffer window)
    {
        if (Start < 0 || Extent < 1 || Start > Axis - Extent)
        {
            throw new ArgumentException($"a window of {Extent} from {Start} does not fit in {Axis}");
        }
        Require.Length(full, Length);
        Require.Length(window, WindowLength);
    }
}
