using System.Runtime.CompilerServices;
using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Results of four sums side by side in a group: their loads are 128 bytes in a row.</summary>
    private const int MostLanes = 8;

    /// <summary>The same for the second stage, whose terms are few and lie in the cache: more groups matter more than full lines.</summary>
    private const int MostLanesOfStoredSums = 2;

    /// <summary>Groups of a reduction's first stage, and terms of a thread, that are worth another group. Both fixed: they order the sum.</summary>
    private const int ReductionGroups = 2048, TermsPerThread = 4;

    internal void Sum(in SumCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        (int outer, int axis, int inner) = geometry;
        if (inner == 1)
        {
            RowsOfFour rows = new(axis);
            Reduce(rows, new RowTerms(View(x), rows), geometry with { Axis = rows.Count }, View(y).Cast<SingleSum>());
            return;
        }
        RowsOfFour columns = new(inner);
        ColumnTerms terms = new(View(x), columns, axis);
        AxisGeometry fours = geometry with { Inner = columns.Count };
        if (outer == 1 || inner % 4 == 0)
        {
            Reduce(columns, terms, fours, Fours(y).Cast<FourSums>());
            return;
        }
        // Fours that reach from one row into the next can't be stored: they are stored apart, and their rows moved together.
        ArrayView<float> sums = View(y);
        using DeviceBuffer workspace = Allocate(4 * fours.ReducedLength);
        Reduce(columns, terms, fours, Fours(workspace).Cast<FourSums>());
        LaunchOver(WindowKernels.Slice<BySingles>, fours.ReducedLength,
            new WindowArguments(View(workspace), columns with { Pitch = 4 * columns.Count }, outer, sums));
    }

    internal void Broadcast(in BroadcastCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        ArrayView<Float4> ys = Fours(y);
        LaunchOver(ReduceKernels.Broadcast, ys, new BroadcastArguments(new RepeatedOperand(View(x), geometry), ys));
    }

    /// <summary>
    /// sums[o,i] = Σₐ terms[o,a,i], of terms in these rows: chunks of the axis first, then their sums, in an order that only the geometry fixes.
    /// </summary>
    private void Reduce<TTerms, TSums>(RowsOfFour rows, TTerms terms, AxisGeometry geometry, ArrayView<TSums> sums)
        where TTerms : struct, ITerms<TTerms, TSums>
        where TSums : unmanaged, ISums<TSums>
    {
        Action<ReduceArguments<TTerms, TSums>> kernel =
            rows.Aligned ? ReduceKernels.Reduce<TTerms, TSums, ByFours> : ReduceKernels.Reduce<TTerms, TSums, BySingles>;
        (int threads, int lanes, int blocks) = ReductionGroup(geometry, MostLanes);
        int chunks = Math.Clamp(geometry.Axis / (threads / lanes * TermsPerThread), 1, Math.Max(1, ReductionGroups / blocks));
        int chunkLength = DivideUp(geometry.Axis, chunks);
        chunks = DivideUp(geometry.Axis, chunkLength);
        if (chunks == 1)
        {
            _launcher.Launch(kernel, blocks, threads, new ReduceArguments<TTerms, TSums>(terms, geometry, lanes, 1, chunkLength, sums));
            return;
        }
        using DeviceBuffer workspace = Allocate(geometry.ReducedLength * chunks * Unsafe.SizeOf<TSums>() / sizeof(float));
        ArrayView<TSums> partial = View(workspace).Cast<TSums>();
        _launcher.Launch(kernel, blocks * chunks, threads,
            new ReduceArguments<TTerms, TSums>(terms, geometry, lanes, chunks, chunkLength, partial));
        AxisGeometry second = geometry with { Axis = chunks };
        (threads, lanes, blocks) = ReductionGroup(second, MostLanesOfStoredSums);
        _launcher.Launch(ReduceKernels.ReduceStored, blocks, threads,
            new ReduceArguments<StoredSums<TSums>, TSums>(new StoredSums<TSums>(partial, chunks, geometry.Inner), second, lanes, 1, chunks, sums));
    }

    /// <summary>As many threads along the axis as it has entries, if that leaves enough lanes for neighbouring loads.</summary>
    private (int Threads, int Lanes, int Blocks) ReductionGroup(AxisGeometry geometry, int mostLanes)
    {
        int threads = Math.Max(Warp, PowerOfTwo(geometry.Length, MostThreads));
        int lanes = Math.Max(threads / PowerOfTwo(geometry.Axis, threads), PowerOfTwo(geometry.Inner, mostLanes));
        return (threads, lanes, DivideUp(geometry.ReducedLength, lanes));
    }
}
