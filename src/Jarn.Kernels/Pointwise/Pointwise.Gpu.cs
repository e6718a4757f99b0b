namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void Fill(double value, DeviceBuffer y) => LaunchOver(PointwiseKernels.Fill, y.Length, new FillArguments((float)value, View(y)));

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction
    {
        Require.SameLength(x, y);
        LaunchOver(PointwiseKernels.Map, y.Length, new MapArguments<TFunction>(function, View(x), View(y)));
    }

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction
    {
        geometry.Check(x, s);
        Require.SameLength(x, y);
        ZipArguments<TFunction> arguments = new(function, View(x), View(s), geometry, View(y));
        if (geometry.Axis == 1)
        {
            LaunchOver(PointwiseKernels.ZipElementwise, y.Length, arguments);
        }
        else
        {
            LaunchOver(PointwiseKernels.ZipRepeated, y.Length, arguments);
        }
    }
}
