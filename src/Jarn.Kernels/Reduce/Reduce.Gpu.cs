using System.Runtime.CompilerServices;
using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Results of a group: 32 floats side by side are one transaction of 128 bytes.</summary>
    private const int MostLanes = 32;

    /// <summary>Groups of a reduction's first stage, and terms of a thread, that are worth another group. Both fixed: they order the sum.</summary>
    private const int ReductionGroups = 1024, TermsPerThread = 16;

    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        Reduce(new ElementTerms(View(x)), geometry, View(y).Cast<SingleSum>());
    }

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(y, x);
        LaunchOver(ReduceKernels.Broadcast, y.Length, new BroadcastArguments(View(x), geometry, View(y)));
    }

    /// <summary>sums[o,i] = Σₐ terms[o,a,i]: chunks of the axis first, then their sums, in an order that only the geometry fixes.</summary>
    private void Reduce<TTerms, TSums>(TTerms terms, AxisGeometry geometry, ArrayView<TSums> sums)
        where TTerms : struct, ITerms<TSums>
        where TSums : unmanaged, ISums<TSums>
    {
        (int threads, int lanes, int blocks) = ReductionGroup(geometry);
        int chunks = Math.Clamp(geometry.Axis / (threads / lanes * TermsPerThread), 1, Math.Max(1, ReductionGroups / blocks));
        int chunkLength = DivideUp(geometry.Axis, chunks);
        chunks = DivideUp(geometry.Axis, chunkLength);
        if (chunks == 1)
        {
            _launcher.Launch(ReduceKernels.Reduce, blocks, threads, new ReduceArguments<TTerms, TSums>(terms, geometry, lanes, 1, chunkLength, sums));
            return;
        }
        using DeviceBuffer workspace = Allocate(geometry.ReducedLength * chunks * Unsafe.SizeOf<TSums>() / sizeof(float));
        ArrayView<TSums> partial = View(workspace).Cast<TSums>();
        _launcher.Launch(ReduceKernels.Reduce, blocks * chunks, threads,
            new ReduceArguments<TTerms, TSums>(terms, geometry, lanes, chunks, chunkLength, partial));
        AxisGeometry second = geometry with { Axis = chunks };
        (threads, lanes, blocks) = ReductionGroup(second);
        _launcher.Launch(ReduceKernels.ReduceStored, blocks, threads,
            new ReduceArguments<StoredSums<TSums>, TSums>(new StoredSums<TSums>(partial), second, lanes, 1, chunks, sums));
    }

    /// <summary>As many threads along the axis as it has entries, if that leaves enough lanes for neighbouring loads.</summary>
    private (int Threads, int Lanes, int Blocks) ReductionGroup(AxisGeometry geometry)
    {
        int threads = Math.Max(Warp, PowerOfTwo(geometry.Length, MostThreads));
        int lanes = Math.Max(threads / PowerOfTwo(geometry.Axis, threads), PowerOfTwo(geometry.Inner, MostLanes));
        return (threads, lanes, DivideUp(geometry.ReducedLength, lanes));
    }
}
