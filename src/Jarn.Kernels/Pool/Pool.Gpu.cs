namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    [Traffic(reads: 1, writes: 0)]
    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        LaunchPool(PoolKernels.Average<ByFours>, PoolKernels.Average<BySingles>, y, new PoolArguments(View(x), geometry, View(y)));
    }

    [Traffic(reads: 0, writes: 1)]
    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x)
    {
        geometry.Check(x, y);
        LaunchPool(PoolKernels.Unpool<ByFours>, PoolKernels.Unpool<BySingles>, x, new PoolArguments(View(x), geometry, View(y)));
    }

    private void LaunchPool(Action<PoolArguments> byFours, Action<PoolArguments> bySingles, DeviceBuffer result, PoolArguments arguments)
    {
        RowsOfFour pixels = new(arguments.Geometry.Channels);
        LaunchOver(pixels.Aligned ? byFours : bySingles, result.Length / pixels.Columns * pixels.Count, arguments);
    }
}
