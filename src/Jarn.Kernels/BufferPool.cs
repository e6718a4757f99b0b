namespace Jarn.Kernels;

/// <summary>Exact-size free lists: a training step asks for the same lengths again and again. Not thread-safe, as its device isn't.</summary>
public sealed class BufferPool(Func<int, DeviceBuffer> allocate) : IDisposable
{
    private readonly Dictionary<int, Stack<DeviceBuffer>> _free = [];
    private readonly HashSet<DeviceBuffer> _lent = new(ReferenceEqualityComparer.Instance);

    /// <summary>The buffers that are lent and reserved now.</summary>
    public MemoryUse Use { get; private set; }

    /// <summary>A buffer of undefined contents: one that was given back, where there is one of this length.</summary>
    public DeviceBuffer Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        DeviceBuffer buffer;
        if (_free.TryGetValue(length, out Stack<DeviceBuffer>? stack) && stack.Count > 0)
        {
            buffer = stack.Pop();
        }
        else
        {
            buffer = allocate(length);
            Use = Use with { ReservedElements = Use.ReservedElements + length };
        }
        buffer.IsLent = true;
        _lent.Add(buffer);
        long lent = Use.LentElements + length;
        Use = Use with { LentBuffers = Use.LentBuffers + 1, LentElements = lent, PeakElements = Math.Max(Use.PeakElements, lent) };
        return buffer;
    }

    /// <summary>Takes a buffer back for the next to rent.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was returned already.</exception>
    public void Return(DeviceBuffer buffer)
    {
        ObjectDisposedException.ThrowIf(!buffer.IsLent, buffer);
        buffer.IsLent = false;
        _lent.Remove(buffer);
        Use = Use with { LentBuffers = Use.LentBuffers - 1, LentElements = Use.LentElements - buffer.Length };
        if (!_free.TryGetValue(buffer.Length, out Stack<DeviceBuffer>? stack))
        {
            _free[buffer.Length] = stack = new Stack<DeviceBuffer>();
        }
        stack.Push(buffer);
    }

    /// <summary>Frees what nobody holds.</summary>
    public void Trim()
    {
        foreach (DeviceBuffer buffer in _free.Values.SelectMany(stack => stack))
        {
            buffer.Free();
            Use = Use with { ReservedElements = Use.ReservedElements - buffer.Length };
        }
        _free.Clear();
    }

    /// <summary>Frees everything, what is still lent too: the device's memory ends with the device.</summary>
    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _lent)
        {
            buffer.IsLent = false;
            buffer.Free();
        }
        _lent.Clear();
        Trim();
        Use = default;
    }
}

/// <summary>The number and size of a device's buffers, in elements.</summary>
/// <param name="LentBuffers">Buffers allocated and not yet disposed.</param>
/// <param name="LentElements">The elements of those buffers.</param>
/// <param name="PeakElements">The most elements that were ever lent at the same time.</param>
/// <param name="ReservedElements">Elements lent or waiting in the free lists.</param>
public readonly record struct MemoryUse(int LentBuffers, long LentElements, long PeakElements, long ReservedElements);
