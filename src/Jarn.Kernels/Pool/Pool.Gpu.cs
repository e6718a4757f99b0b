namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void AveragePool(in AveragePoolCall call)
    {
        (DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) = call;
        LaunchPool(PoolKernels.Average<ByFours>, PoolKernels.Average<BySingles>, y, new PoolArguments(View(x), geometry, View(y)));
    }

    internal void AverageUnpool(in AverageUnpoolCall call)
    {
        (DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) = call;
        LaunchPool(PoolKernels.Unpool<ByFours>, PoolKernels.Unpool<BySingles>, x, new PoolArguments(View(x), geometry, View(y)));
    }

    private void LaunchPool(Action<PoolArguments> byFours, Action<PoolArguments> bySingles, DeviceBuffer result, PoolArguments arguments)
    {
        RowsOfFour pixels = new(arguments.Geometry.Channels);
        LaunchOver(pixels.Aligned ? byFours : bySingles, result.Length / pixels.Columns * pixels.Count, arguments);
    }
}
