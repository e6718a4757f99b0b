using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Jarn.Kernels;

/// <summary>Work in numbered blocks that may run in any order and on any thread: what a block computes depends on its number only.</summary>
internal interface IBlockJob
{
    /// <param name="block">The block's number, counted from 0.</param>
    /// <param name="scratch">Memory of the thread that runs it.</param>
    void Execute(int block, Scratch scratch);
}

/// <summary>
/// Fork and join over a fixed set of threads. Idle threads spin for some microseconds, since the next job mostly follows at once, then
/// sleep. A job is a struct on the caller's stack and blocks are taken by compare-and-swap, so that running one allocates nothing, and a
/// thread that wakes too late delays nobody. Each thread has a share of the blocks, the same in every job of as many blocks, and helps the others
/// once that is done: so it mostly meets those parts of a tensor that the caches near it hold.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int IdleSpins = 200;
    private const int JoinSpins = 2000;
    private const int SpinLength = 8;

    /// <summary>The distance from a share to the next: two cache lines, since lines are fetched in pairs.</summary>
    private const int ShareStride = 16;

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private readonly Scratch[] _scratch;

    /// <summary>
    /// A thread's share: the job's number in the upper half, against taking a block of a later job; the blocks still to be taken in the lower.
    /// </summary>
    private readonly long[] _shares;
    private int _number;
    private int _sleepers;
    private int _completed;
    private bool _stopping;
    private int _blocks;
    private void* _job;
    private delegate*<void*, int, Scratch, void> _execute;
    private ExceptionDispatchInfo? _failure;

    /// <param name="threads">The number of threads that work, including the caller's.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++)
        {
            _scratch[i] = new Scratch();
        }
        _shares = new long[threads * ShareStride];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int thread = i + 1;
            _threads[i] = new Thread(() => Work(thread)) { IsBackground = true, Name = $"kernel worker {thread}" };
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
        int number = (_number + 1) & int.MaxValue;
        for (int thread = 0; thread < Threads; thread++)
        {
            Volatile.Write(ref Share(thread), ((long)number << 32) | (uint)(FirstOf(thread + 1) - FirstOf(thread)));
        }
        Interlocked.Exchange(ref _number, number);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
        TakeBlocks(0);
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

    private void Work(int thread)
    {
        int last = 0;
        while (!Volatile.Read(ref _stopping))
        {
            last = Volatile.Read(ref _number);
            TakeBlocks(thread);
            for (int spins = 0; spins < IdleSpins && IsIdle(last); spins++)
            {
                Thread.SpinWait(SpinLength);
            }
            if (IsIdle(last))
            {
                Sleep(last);
            }
        }
    }

    /// <summary>Whether there was no job after that number.</summary>
    private bool IsIdle(int number) => Volatile.Read(ref _number) == number && !Volatile.Read(ref _stopping);

    private ref long Share(int thread) => ref _shares[thread * ShareStride];

    /// <summary>The first block of a thread's share.</summary>
    private int FirstOf(int thread) => (int)((long)_blocks * thread / Threads);

    private void Sleep(int number)
    {
        lock (_gate)
        {
            // A full fence stands between this increment and the look at the number, as between the number's exchange and the look at
            // the sleepers in Run: one of the two sees the other.
            Interlocked.Increment(ref _sleepers);
            while (IsIdle(number))
            {
                Monitor.Wait(_gate);
            }
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void TakeBlocks(int thread)
    {
        for (int step = 0; step < Threads; step++)
        {
            int owner = (thread + step) % Threads;
            TakeBlocks(owner, _scratch[thread]);
        }
    }

    private void TakeBlocks(int owner, Scratch scratch)
    {
        ref long share = ref Share(owner);
        while (true)
        {
            long state = Volatile.Read(ref share);
            uint left = (uint)state;
            if (left == 0)
            {
                return;
            }
            if (Interlocked.CompareExchange(ref share, state - 1, state) != state)
            {
                continue;
            }
            // The block taken keeps its job alive, so that these fields are that job's.
            try
            {
                _execute(_job, FirstOf(owner + 1) - (int)left, scratch);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
            Interlocked.Increment(ref _completed);
        }
    }
}
