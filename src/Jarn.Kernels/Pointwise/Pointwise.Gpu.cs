using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void Fill(double value, DeviceBuffer y)
    {
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Fill, ys, new FillArguments((float)value, ys));
    }

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction
    {
        Require.SameLength(x, y);
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Map, ys, new MapArguments<TFunction>(function, Fours(x), ys));
    }

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction
    {
        geometry.Check(x, s);
        Require.SameLength(x, y);
        ArrayView<Float4> ys = Fours(y);
        if (geometry.Axis == 1)
        {
            LaunchOver(PointwiseKernels.Zip, ys, new ZipArguments<TFunction>(function, Fours(x), Fours(s), ys));
        }
        else
        {
            LaunchOver(PointwiseKernels.ZipRepeated, ys, new ZipRepeatedArguments<TFunction>(function, Fours(x), new RepeatedOperand(View(s), geometry), ys));
        }
    }
}
