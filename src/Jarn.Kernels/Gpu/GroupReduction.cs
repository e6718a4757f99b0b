using ILGPU;

namespace Jarn.Kernels;

internal static class GroupReduction
{
    /// <summary>
    /// The sum over the group, known to all its threads: a tree in shared memory, in an order that only the group's size fixes, a power of two.
    /// Every thread of the group must call it.
    /// </summary>
    public static TSums Sum<TSums>(TSums sums, ArrayView<TSums> shared) where TSums : unmanaged, ISums<TSums>
    {
        int thread = Group.IdxX;
        shared[thread] = sums;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] = shared[thread].Plus(shared[thread + half]);
            }
            Group.Barrier();
        }
        TSums total = shared[0];
        Group.Barrier();
        return total;
    }
}
