using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    [Traffic(reads: 0, writes: 1)]
    public void Fill(double value, DeviceBuffer y)
    {
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Fill, ys, new FillArguments((float)value, ys));
    }

    [Traffic(reads: 1, writes: 1)]
    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction
    {
        Require.SameLength(x, y);
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Map, ys, new MapArguments<TFunction>(function, Fours(x), ys));
    }

    [Traffic(reads: 2, writes: 1)]
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
            RepeatedOperand repeated = new(View(s), geometry);
            LaunchOver(PointwiseKernels.ZipRepeated, ys, new ZipRepeatedArguments<TFunction>(function, Fours(x), repeated, ys));
        }
    }
}
