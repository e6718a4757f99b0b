namespace Jarn.Tests.Ptx;

/// <summary>
/// The cp.async of a warp (PTX ISA, "Data Movement and Conversion Instructions: Asynchronous copy"). What a copy reads is read when it is
/// issued, what it writes is there when its thread has waited for it: a kernel that waits too little finds <see cref="SharedMemory"/> closed.
/// </summary>
internal sealed class AsyncCopies(Warp warp)
{
    private readonly List<Copy> _pending = [];
    private readonly int[] _committed = new int[Warp.Size];

    /// <param name="value">As many bytes as are written; zeros where the source ends before.</param>
    public void Issue(int lane, ulong destination, byte[] value)
    {
        warp.Group.Shared.BeginCopy(warp, lane, destination, value.Length);
        _pending.Add(new Copy(lane, _committed[lane], destination, value));
    }

    public void Commit(uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            _committed[lane]++;
        }
    }

    /// <summary>Until at most so many of a thread's groups, the latest ones, are under way.</summary>
    public void WaitForAllBut(int groups, uint lanes) =>
        Complete(copy => (lanes >> copy.Lane & 1) != 0 && copy.Group < _committed[copy.Lane] - groups);

    /// <summary>cp.async.wait_all: those too that no group has.</summary>
    public void WaitForAll(uint lanes) => Complete(copy => (lanes >> copy.Lane & 1) != 0);

    /// <summary>A group begins: what the threads of the one before didn't wait for is lost.</summary>
    public void Abandon()
    {
        Complete(_ => true);
        Array.Clear(_committed);
    }

    private void Complete(Predicate<Copy> isDue)
    {
        foreach (Copy copy in _pending)
        {
            if (isDue(copy))
            {
                warp.Group.Shared.EndCopy(warp, copy.Lane, copy.Destination, copy.Value);
            }
        }
        _pending.RemoveAll(isDue);
    }

    private readonly record struct Copy(int Lane, int Group, ulong Destination, byte[] Value);
}
