namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void Softmax(in SoftmaxCall call)
    {
        (DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) = call;
        LaunchRows(
            SoftmaxKernels.Softmax<LoneThread>, SoftmaxKernels.Softmax<WholeGroup>, geometry, new SoftmaxArguments(View(x), geometry, View(y)));
    }

    internal void SoftmaxGradient(in SoftmaxGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) = call;
        SoftmaxGradientArguments arguments = new(View(y), View(outputCotangent), geometry, View(xCotangent));
        LaunchRows(SoftmaxKernels.SoftmaxGradient<LoneThread>, SoftmaxKernels.SoftmaxGradient<WholeGroup>, geometry, arguments);
    }

    /// <summary>Rows that a thread works on alone rather than a group together.</summary>
    private const int MostColumnsOfAThread = Warp;

    private void LaunchRows<TArguments>(
        Action<TArguments> byLoneThread, Action<TArguments> byWholeGroup, RowGeometry geometry, TArguments arguments)
        where TArguments : struct, IKernelArguments
    {
        if (geometry.Columns <= MostColumnsOfAThread)
        {
            LaunchOver(byLoneThread, geometry.Rows, arguments);
        }
        else
        {
            LaunchGroups(byWholeGroup, geometry.Rows, geometry.Columns, arguments);
        }
    }

    /// <summary>A group a row, of a power of two threads, for so many items a row.</summary>
    private void LaunchGroups<TArguments>(Action<TArguments> kernel, int rows, int items, TArguments arguments)
        where TArguments : struct, IKernelArguments =>
        _launcher.Launch(kernel, Math.Min(rows, MostGroups), Math.Max(Warp, PowerOfTwo(items, MostThreads)), arguments);
}
