using System.Numerics;
using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Threads of a full group; a constant, since kernels size their shared memory by it.</summary>
    internal const int GroupSize = 256;

    private const int Warp = 32;

    /// <summary>Enough groups to fill every multiprocessor of eight; no result depends on it.</summary>
    private const int GroupsPerMultiprocessor = 8;

    /// <summary>Launches a kernel that loops over so many items, four elements each mostly, with <see cref="GridStride"/>.</summary>
    internal void LaunchOver<TArguments>(Action<TArguments> kernel, int items, TArguments arguments) where TArguments : struct, IKernelArguments
    {
        int threads = Math.Min(MostThreads, DivideUp(items, Warp) * Warp);
        _launcher.Launch(kernel, Math.Min(DivideUp(items, threads), MostGroups), threads, arguments);
    }

    /// <summary>Launches a kernel that loops over the fours of a buffer.</summary>
    private void LaunchOver<TArguments>(Action<TArguments> kernel, ArrayView<Float4> fours, TArguments arguments)
        where TArguments : struct, IKernelArguments => LaunchOver(kernel, fours.IntLength, arguments);

    /// <summary>
    /// The most threads of a group where the kernel takes any power of two: on the emulator each is one of the operating system's, and a
    /// barrier takes milliseconds.
    /// </summary>
    private int MostThreads => Description.Kind == DeviceKind.Emulator ? Warp : GroupSize;

    private int MostGroups => Description.Multiprocessors * GroupsPerMultiprocessor;

    internal static int DivideUp(int dividend, int divisor) => ((dividend - 1) / divisor) + 1;

    private static int PowerOfTwo(long atLeast, int atMost) =>
        (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)atLeast), (ulong)atMost);
}
