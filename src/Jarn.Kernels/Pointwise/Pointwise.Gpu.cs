using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void Fill(in FillCall call)
    {
        (double value, DeviceBuffer y) = call;
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Fill, ys, new FillArguments((float)value, ys));
    }

    internal void Map<TFunction>(in MapCall<TFunction> call) where TFunction : unmanaged, IUnaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer y) = call;
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(PointwiseKernels.Map, ys, new MapArguments<TFunction>(function, Fours(x), ys));
    }

    internal void Zip<TFunction>(in ZipCall<TFunction> call)
        where TFunction : unmanaged, IBinaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y) = call;
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
