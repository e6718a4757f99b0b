using ILGPU;

namespace Jarn.Kernels;

/// <summary>One or several sums that are formed together, in one pass over the data; the default is empty.</summary>
internal interface ISums<TSelf>
{
    TSelf Plus(TSelf other);
}

/// <summary>What is summed over the middle axis of [Outer, Axis, Inner].</summary>
internal interface ITerms<TSelf, TSums> where TSums : unmanaged, ISums<TSums>
{
    /// <summary>The terms of one result, with all that they share: a thread asks for it once.</summary>
    TSelf Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess;

    TSums At<TAccess>(int along) where TAccess : struct, IAccess;
}

/// <param name="Lanes">Neighbouring results of a group, a power of two; its other threads stand along the axis.</param>
/// <param name="Chunks">Parts into which the axis is cut; each writes a sum of its own.</param>
/// <param name="ChunkLength">Length of a part; the last one may be shorter.</param>
/// <param name="Sums">[Outer, Chunks, Inner]</param>
internal readonly record struct ReduceArguments<TTerms, TSums>(
    TTerms Terms, AxisGeometry Geometry, int Lanes, int Chunks, int ChunkLength, ArrayView<TSums> Sums) : IKernelArguments
    where TSums : unmanaged, ISums<TSums>;

internal readonly record struct BroadcastArguments(RepeatedOperand X, ArrayView<Float4> Y) : IKernelArguments;

internal static class ReduceKernels
{
    /// <summary>A group sums one chunk of the axis for Lanes results: each thread its part in order, then all of them together.</summary>
    public static void Reduce<TTerms, TSums, TAccess>(ReduceArguments<TTerms, TSums> p)
        where TTerms : struct, ITerms<TTerms, TSums>
        where TSums : unmanaged, ISums<TSums>
        where TAccess : struct, IAccess
    {
        ArrayView<TSums> shared = SharedMemory.Allocate<TSums>(GpuDevice.GroupSize);
        AxisGeometry g = p.Geometry;
        int along = Group.IdxX / p.Lanes, alongCount = Group.DimX / p.Lanes;
        int results = g.Outer * g.Inner;
        int blocks = GpuDevice.DivideUp(results, p.Lanes);
        int chunk = Grid.IdxX / blocks;
        int result = (Grid.IdxX % blocks * p.Lanes) + (Group.IdxX % p.Lanes);
        int outer = result / g.Inner, inner = result % g.Inner;
        TSums sum = default;
        if (result < results)
        {
            TTerms terms = p.Terms.Of<TAccess>(outer, inner);
            int first = chunk * p.ChunkLength;
            int count = IntrinsicMath.Min(p.ChunkLength, g.Axis - first);
            for (int a = along; a < count; a += alongCount)
            {
                sum = sum.Plus(terms.At<TAccess>(first + a));
            }
        }
        sum = GroupReduction.Sum(sum, shared, p.Lanes);
        if (along == 0 && result < results)
        {
            p.Sums[(((outer * p.Chunks) + chunk) * g.Inner) + inner] = sum;
        }
    }

    public static void ReduceStored<TSums>(ReduceArguments<StoredSums<TSums>, TSums> p) where TSums : unmanaged, ISums<TSums> =>
        Reduce<StoredSums<TSums>, TSums, ByFours>(p);

    public static void Broadcast(BroadcastArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = p.X.At((int)i);
        }
    }
}
