namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void Slice(in SliceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        CopyWindow(Span(x), geometry.Axis, geometry.Start, Span(y), geometry.Extent, 0, geometry);
    }

    internal void Place(in PlaceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        CopyWindow(Span(x), geometry.Extent, 0, Span(y), geometry.Axis, geometry.Start, geometry);
    }

    private static void CopyWindow(
        Span<double> from, int fromAxis, int fromStart, Span<double> to, int toAxis, int toStart, WindowGeometry geometry)
    {
        int run = geometry.Extent * geometry.Inner;
        for (int o = 0; o < geometry.Outer; o++)
        {
            from.Slice(((o * fromAxis) + fromStart) * geometry.Inner, run).CopyTo(to[(((o * toAxis) + toStart) * geometry.Inner)..]);
        }
    }
}
