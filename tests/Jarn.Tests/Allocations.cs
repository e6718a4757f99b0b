namespace Jarn.Tests;

/// <summary>What code allocates on the calling thread.</summary>
internal static class Allocations
{
    /// <summary>
    /// The fewest bytes of three runs. The runtime counts the rest of a thread's allocation context, some kilobytes, when another thread's
    /// garbage collection takes it away, and tests run side by side.
    /// </summary>
    public static long Of(Action run) => Enumerable.Range(0, 3).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
