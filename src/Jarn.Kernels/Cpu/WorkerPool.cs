using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Jarn.Kernels;

/// <summary>Work in numbered blocks that may run in any order and on any thread: what a block computes depends on its number only.</summary>
internal interface IBlockJob
{
    /// <param name="block">The block's number.</param>
    /// <param name="scratch">Memory of the thread that runs it.</param>
    void Execute(int block, Scratch scratch);
}

/// <summary>
/// Fork and join over a fixed set of threads. Idle threads spin for some microseconds, since the next job mostly follows at once, then
/// sleep. A job is a struct on the caller's stack and blocks are taken by compare-and-swap, so that running one allocates nothing, and a
/// thread that wakes too late delays nobody.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int IdleSpins = 200;
    private const int JoinSpins = 2000;
    private const int SpinLength = 8;

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private readonly Scratch[] _scratch;

    /// <summary>The job's number in the upper half, against taking a block of a later job; the blocks still to be taken in the lower.</summary>
    private long _state;
    private int _sleepers;
    private int _completed;
    private bool _stopping;
    private int _blocks;
    private void* _job;
    private delegate*<void*, int, Scratch, void> _execute;
    private ExceptionDispatchInfo? _failure;

    /// <param name="threads">How many threads work, the caller's included.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++)
        {
            _scratch[i] = new Scratch();
        }
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            Scratch scratch = _scratch[i + 1];
            _threads[i] = new Thread(() => Work(scratch)) { IsBackground = true, Name = $"kernel worker {i + 1}" };
            _threads[i].Start();
        }
    }

    public int Threads => _scratch.Length;

    /// <summary>Runs blocks 0 … blocks−1 and waits for them. The first exception that a block throws is thrown here once all have ended.</summary>
    public void Run<TJob>(TJob job, int blocks) where TJob : unmanaged, IBlockJob
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (blocks == 1 || _threads.Length == 0)
        {
            for (int block = 0; block < blocks; block++)
            {
                job.Execute(block, _scratch[0]);
            }
            return;
        }
        if (blocks < 1)
        {
            return;
        }
        _blocks = blocks;
        _job = &job;
        _execute = &Execute<TJob>;
        _completed = 0;
        long number = ((_state >> 32) + 1) & int.MaxValue;
        Interlocked.Exchange(ref _state, (number << 32) | (uint)blocks);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
        TakeBlocks(_scratch[0]);
        for (int spins = 0; Volatile.Read(ref _completed) < blocks; spins++)
        {
            if (spins < JoinSpins)
            {
                Thread.SpinWait(SpinLength);
            }
            else
            {
                Thread.Yield();
            }
        }
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
        foreach (Scratch scratch in _scratch)
        {
            scratch.Dispose();
        }
    }

    private static void Execute<TJob>(void* job, int block, Scratch scratch) where TJob : unmanaged, IBlockJob =>
        Unsafe.AsRef<TJob>(job).Execute(block, scratch);

    private void Work(Scratch scratch)
    {
        while (!Volatile.Read(ref _stopping))
        {
            TakeBlocks(scratch);
            for (int spins = 0; spins < IdleSpins && IsIdle; spins++)
            {
                Thread.SpinWait(SpinLength);
            }
            if (IsIdle)
            {
                Sleep();
            }
        }
    }

    private bool IsIdle => (uint)Volatile.Read(ref _state) == 0 && !Volatile.Read(ref _stopping);

    private void Sleep()
    {
        lock (_gate)
        {
            // A full fence stands between this increment and the look at the state, as between the state's exchange and the look at
            // the sleepers in Run: one of the two sees the other.
            Interlocked.Increment(ref _sleepers);
            while (IsIdle)
            {
                Monitor.Wait(_gate);
            }
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void TakeBlocks(Scratch scratch)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            uint left = (uint)state;
            if (left == 0)
            {
                return;
            }
            if (Interlocked.CompareExchange(ref _state, state - 1, state) != state)
            {
                continue;
            }
            // The block taken keeps its job alive, so that these fields are that job's.
            try
            {
                _execute(_job, _blocks - (int)left, scratch);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
            Interlocked.Increment(ref _completed);
        }
    }
}
