using ILGPU;

namespace Jarn.Kernels;

/// <summary>One or several sums that are formed together, in one pass over the data.</summary>
internal interface ISums<TSelf>
{
    TSelf Plus(TSelf other);
}

/// <summary>What is summed: the terms at an element of a tensor [Outer, Axis, Inner], whose sum goes to the given element of [Outer, Inner].</summary>
internal interface ITerms<TSums> where TSums : unmanaged, ISums<TSums>
{
    TSums At(int element, int reduced);
}

internal readonly record struct SingleSum(float Value) : ISums<SingleSum>
{
    public SingleSum Plus(SingleSum other) => new(Value + other.Value);
}

internal readonly record struct ElementTerms(ArrayView<float> X) : ITerms<SingleSum>
{
    public SingleSum At(int element, int reduced) => new(X[element]);
}

/// <summary>The first stage's sums, as the second stage's terms.</summary>
internal readonly record struct StoredSums<TSums>(ArrayView<TSums> Sums) : ITerms<TSums> where TSums : unmanaged, ISums<TSums>
{
    public TSums At(int element, int reduced) => Sums[element];
}

/// <param name="Terms">What is summed.</param>
/// <param name="Geometry">Over which axis.</param>
/// <param name="Lanes">Neighbouring results of a group, a power of two; its other threads stand along the axis.</param>
/// <param name="Chunks">Parts of the axis; each writes a sum of its own.</param>
/// <param name="ChunkLength">Length of a part, but of the last.</param>
/// <param name="Sums">[Outer, Chunks, Inner]</param>
internal readonly record struct ReduceArguments<TTerms, TSums>(
    TTerms Terms, AxisGeometry Geometry, int Lanes, int Chunks, int ChunkLength, ArrayView<TSums> Sums) : IKernelArguments
    where TSums : unmanaged, ISums<TSums>;

internal readonly record struct BroadcastArguments(ArrayView<float> X, AxisGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

internal static class ReduceKernels
{
    /// <summary>A group sums one chunk of the axis for Lanes results: each thread its part in order, then a tree in shared memory.</summary>
    public static void Reduce<TTerms, TSums>(ReduceArguments<TTerms, TSums> p)
        where TTerms : struct, ITerms<TSums>
        where TSums : unmanaged, ISums<TSums>
    {
        ArrayView<TSums> shared = SharedMemory.Allocate<TSums>(GpuDevice.GroupSize);
        AxisGeometry g = p.Geometry;
        int thread = Group.IdxX;
        int along = thread / p.Lanes, alongCount = Group.DimX / p.Lanes;
        int results = g.Outer * g.Inner;
        int blocks = GpuDevice.DivideUp(results, p.Lanes);
        int chunk = Grid.IdxX / blocks;
        int result = (Grid.IdxX % blocks * p.Lanes) + (thread % p.Lanes);
        int outer = result / g.Inner, inner = result % g.Inner;
        TSums sum = default;
        if (result < results)
        {
            int first = chunk * p.ChunkLength;
            int count = IntrinsicMath.Min(p.ChunkLength, g.Axis - first);
            for (int a = along; a < count; a += alongCount)
            {
                sum = sum.Plus(p.Terms.At((((outer * g.Axis) + first + a) * g.Inner) + inner, result));
            }
        }
        shared[thread] = sum;
        Group.Barrier();
        for (int half = alongCount / 2; half > 0; half /= 2)
        {
            if (along < half)
            {
                shared[thread] = shared[thread].Plus(shared[thread + (half * p.Lanes)]);
            }
            Group.Barrier();
        }
        if (along == 0 && result < results)
        {
            p.Sums[(((outer * p.Chunks) + chunk) * g.Inner) + inner] = shared[thread];
        }
    }

    public static void ReduceStored<TSums>(ReduceArguments<StoredSums<TSums>, TSums> p) where TSums : unmanaged, ISums<TSums> => Reduce(p);

    public static void Broadcast(BroadcastArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = p.X[ReducedIndex((int)i, p.Geometry)];
        }
    }

    /// <summary>The element of [Outer, Inner] that belongs to an element of [Outer, Axis, Inner].</summary>
    public static int ReducedIndex(int element, AxisGeometry g) => (element / (g.Axis * g.Inner) * g.Inner) + (element % g.Inner);
}
