namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        LaunchRows(SoftmaxKernels.Softmax, geometry.Rows, geometry.Columns, new SoftmaxArguments(View(x), geometry, View(y)));
    }

    public void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent)
    {
        geometry.Check(y, outputCotangent, xCotangent);
        SoftmaxGradientArguments arguments = new(View(y), View(outputCotangent), geometry, View(xCotangent));
        LaunchRows(SoftmaxKernels.SoftmaxGradient, geometry.Rows, geometry.Columns, arguments);
    }

    /// <summary>A group a row, of a power of two threads.</summary>
    private void LaunchRows<TArguments>(Action<TArguments> kernel, int rows, int columns, TArguments arguments)
        where TArguments : struct, IKernelArguments =>
        _launcher.Launch(kernel, Math.Min(rows, MostGroups), Math.Max(Warp, PowerOfTwo(columns, MostThreads)), arguments);
}
