using System.Numerics;

namespace Jarn.Tests.Ptx;

/// <summary>What all groups of a launch share.</summary>
/// <param name="Parameters">The kernel's parameters, one after the other, as the module lays them out.</param>
internal sealed record PtxLaunch(int Groups, int Threads, byte[] Parameters, GlobalMemory Memory);

/// <summary>
/// A group at work, one warp after the other, each as far as the next barrier. Which warp comes first decides no result, unless there is a race,
/// and that is reported.
/// </summary>
internal sealed class GroupExecution
{
    private readonly Warp[] _warps;
    private PtxLaunch? _launch;

    public GroupExecution(PtxProgram program, int threads)
    {
        Threads = threads;
        Shared = new SharedMemory(program);
        _warps = [.. Enumerable.Range(0, (threads + Warp.Size - 1) / Warp.Size).Select(number => new Warp(program, this, number))];
    }

    public PtxLaunch Launch => _launch!;

    public SharedMemory Shared { get; }

    public int Index { get; private set; }

    public int Threads { get; }

    /// <summary>Barriers that the group has passed.</summary>
    public int Barriers { get; private set; }

    public void Run(PtxLaunch launch, int group)
    {
        (_launch, Index, Barriers) = (launch, group, 0);
        foreach (Warp warp in _warps)
        {
            warp.Copies.Abandon();
            warp.Begin(Threads - warp.Thread(0));
        }
        Shared.Begin();
        do
        {
            foreach (Warp warp in _warps)
            {
                warp.Run();
            }
        }
        while (PassBarrier());
    }

    /// <summary>Whether the group goes on; not so where all threads have returned.</summary>
    private bool PassBarrier()
    {
        Warp? first = _warps.FirstOrDefault(warp => warp.AtBarrier is not null);
        if (first is null)
        {
            return false;
        }
        foreach (Warp warp in _warps)
        {
            if (warp.Returned != 0)
            {
                int thread = warp.Thread(BitOperations.TrailingZeroCount(warp.Returned));
                throw first.BarrierFault($"a barrier that thread {thread} never comes to: it has returned");
            }
            if (warp.AtBarrier!.Value.Barrier != first.AtBarrier!.Value.Barrier)
            {
                throw first.BarrierFault($"a divergent barrier: thread {warp.Thread(0)} waits at another one, "
                    + $"'{warp.AtBarrier.Value.Barrier.End.Text}' elsewhere in the kernel");
            }
        }
        Barriers++;
        Shared.PassBarrier();
        foreach (Warp warp in _warps)
        {
            warp.PassBarrier();
        }
        return true;
    }
}
