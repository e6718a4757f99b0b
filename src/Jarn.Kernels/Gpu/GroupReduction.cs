using ILGPU;

namespace Jarn.Kernels;

internal static class GroupReduction
{
    /// <summary>Sums that a thread adds up between two barriers.</summary>
    private const int Radix = 8;

    /// <summary>
    /// The sum over the group's threads that are a multiple of so many lanes apart, known to all of them, in an order that only the numbers of
    /// threads and lanes fix; both are powers of two. Every thread of the group must call it.
    /// </summary>
    /// <remarks>
    /// Through shared memory and not by shuffles, which OpenCL has with an extension only; what a warp exchanges passes a barrier too, since
    /// its threads advance on their own from Volta on. A wide tree keeps the barriers few: 256 threads are 32, then 4, then one.
    /// </remarks>
    public static TSums Sum<TSums>(TSums sums, ArrayView<TSums> shared, int lanes) where TSums : unmanaged, ISums<TSums>
    {
        int thread = Group.IdxX;
        shared[thread] = sums;
        Group.Barrier();
        for (int left = Group.DimX; left > lanes; left = Fewer(left, lanes))
        {
            int fewer = Fewer(left, lanes);
            if (thread < fewer)
            {
                TSums total = shared[thread];
                for (int i = thread + fewer; i < left; i += fewer)
                {
                    total = total.Plus(shared[i]);
                }
                shared[thread] = total;
            }
            Group.Barrier();
        }
        TSums result = shared[thread % lanes];
        Group.Barrier();
        return result;
    }

    private static int Fewer(int sums, int lanes) => IntrinsicMath.Max(sums / Radix, lanes);
}
