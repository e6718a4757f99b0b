namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void Slice(in SliceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        Move(WindowKernels.Slice<ByFours>, WindowKernels.Slice<BySingles>, x, geometry, y);
    }

    internal void Place(in PlaceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        Move(WindowKernels.Place<ByFours>, WindowKernels.Place<BySingles>, y, geometry, x);
    }

    private void Move(
        Action<WindowArguments> byFours, Action<WindowArguments> bySingles, DeviceBuffer full, WindowGeometry geometry, DeviceBuffer window)
    {
        (int outer, int axis, int inner, int start, int extent) = geometry;
        RowsOfFour rows = new(extent * inner, axis * inner, start * inner);
        LaunchOver(rows.Aligned ? byFours : bySingles, outer * rows.Count, new WindowArguments(View(full), rows, outer, View(window)));
    }
}
