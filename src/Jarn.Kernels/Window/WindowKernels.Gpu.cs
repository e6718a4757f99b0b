using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct WindowArguments(ArrayView<float> Full, WindowGeometry Geometry, ArrayView<float> Window) : IKernelArguments;

internal static class WindowKernels
{
    public static void Slice(WindowArguments p)
    {
        for (long i = GridStride.First; i < p.Window.Length; i += GridStride.Step)
        {
            p.Window[i] = p.Full[FullIndex((int)i, p.Geometry)];
        }
    }

    public static void Place(WindowArguments p)
    {
        for (long i = GridStride.First; i < p.Window.Length; i += GridStride.Step)
        {
            p.Full[FullIndex((int)i, p.Geometry)] = p.Window[i];
        }
    }

    private static int FullIndex(int element, WindowGeometry g)
    {
        int run = g.Extent * g.Inner;
        return (((element / run * g.Axis) + g.Start) * g.Inner) + (element % run);
    }
}
