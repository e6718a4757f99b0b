namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        LaunchOver(PoolKernels.Average, y.Length, new PoolArguments(View(x), geometry, View(y)));
    }

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x)
    {
        geometry.Check(x, y);
        LaunchOver(PoolKernels.Unpool, x.Length, new PoolArguments(View(x), geometry, View(y)));
    }
}
