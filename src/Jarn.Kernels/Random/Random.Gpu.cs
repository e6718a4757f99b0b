using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    [Traffic(reads: 0, writes: 1)]
    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y)
    {
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(RandomKernels.Uniform, ys, new UniformArguments(key, (float)low, (float)(high - low), ys));
    }

    [Traffic(reads: 0, writes: 1)]
    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y)
    {
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(RandomKernels.Normal, ys, new NormalArguments(key, (float)mean, (float)standardDeviation, ys));
    }
}
