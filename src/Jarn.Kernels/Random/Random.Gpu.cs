namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y) =>
        LaunchOver(RandomKernels.Uniform, DivideUp(y.Length, 4), new UniformArguments(key, (float)low, (float)(high - low), View(y)));

    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y) =>
        LaunchOver(RandomKernels.Normal, DivideUp(y.Length, 4), new NormalArguments(key, (float)mean, (float)standardDeviation, View(y)));
}
