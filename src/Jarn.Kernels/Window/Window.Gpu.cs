namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        LaunchOver(WindowKernels.Slice, y.Length, new WindowArguments(View(x), geometry, View(y)));
    }

    public void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(y, x);
        LaunchOver(WindowKernels.Place, x.Length, new WindowArguments(View(y), geometry, View(x)));
    }
}
