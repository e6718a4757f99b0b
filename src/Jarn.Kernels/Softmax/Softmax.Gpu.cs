namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void LogSumExp(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Rows);
        LaunchRows(SoftmaxKernels.LogSumExp, geometry, x, y);
    }

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Length);
        LaunchRows(SoftmaxKernels.Softmax, geometry, x, y);
    }

    private void LaunchRows(Action<RowArguments> kernel, RowGeometry geometry, DeviceBuffer x, DeviceBuffer y)
    {
        int threads = Math.Max(Warp, PowerOfTwo(geometry.Columns, MostThreads));
        Launch(kernel, Math.Min(geometry.Rows, MostGroups), threads, new RowArguments(View(x), geometry, View(y)));
    }
}
