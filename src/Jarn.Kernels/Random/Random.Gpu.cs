using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void RandomUniform(in RandomUniformCall call)
    {
        (RandomKey key, double low, double high, DeviceBuffer y) = call;
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(RandomKernels.Uniform, ys, new UniformArguments(key, (float)low, (float)(high - low), ys));
    }

    internal void RandomNormal(in RandomNormalCall call)
    {
        (RandomKey key, double mean, double standardDeviation, DeviceBuffer y) = call;
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(RandomKernels.Normal, ys, new NormalArguments(key, (float)mean, (float)standardDeviation, ys));
    }
}
