namespace Jarn.Kernels;

/// <summary>Calls of an operation on the same shape.</summary>
/// <param name="Operation">The operation's name; of pointwise functions with the function's.</param>
/// <param name="Cost">The cost of one call.</param>
/// <param name="Calls">The number of calls.</param>
public sealed record WorkEntry(string Operation, CallCost Cost, long Calls)
{
    /// <inheritdoc cref="CallCost.Shape"/>
    public string Shape => Cost.Shape;

    /// <inheritdoc cref="CallCost.IsProduct"/>
    public bool IsProduct => Cost.IsProduct;

    /// <inheritdoc cref="CallCost.Operations"/>
    public double OperationsPerCall => Cost.Operations;

    /// <summary>Bytes of float32 that memory and the device exchange at the least.</summary>
    public double BytesPerCall => sizeof(float) * (double)(Cost.Reads + Cost.Writes);
}

/// <summary>
/// Computes nothing, but counts the operations and the bytes of every call. Its buffers hold no memory, and there are no values to download.
/// </summary>
public sealed class CountingDevice : IDevice
{
    private readonly Dictionary<(string Operation, string Shape), WorkEntry> _entries = [];
    private readonly BufferPool _pool;

    public CountingDevice() => _pool = new BufferPool(length => new CountedBuffer(this, length));

    /// <summary>The entries in the order of their first calls.</summary>
    public IReadOnlyCollection<WorkEntry> Entries => _entries.Values;

    public DeviceDescription Description { get; } = new(DeviceKind.Reference, "a count of the work, without doing it", 0, 1, sizeof(float));

    public MemoryUse Memory => _pool.Use;

    /// <summary>Forgets what was counted.</summary>
    public void Reset() => _entries.Clear();

    public DeviceBuffer Allocate(int length) => _pool.Rent(length);

    public void Release(DeviceBuffer buffer) => _pool.Return(buffer);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination) => Require.SameLength(source.Length, destination.Length);

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination) => Require.SameLength(source.Length, destination.Length);

    public void Download(DeviceBuffer source, Span<float> destination) => throw HasNoValues();

    public void Download(DeviceBuffer source, Span<double> destination) => throw HasNoValues();

    public void Synchronize()
    {
    }

    public void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>
    {
        call.Check();
        CallCost cost = call.Cost;
        WorkEntry entry = _entries.GetValueOrDefault((TCall.Operation, cost.Shape)) ?? new WorkEntry(TCall.Operation, cost, Calls: 0);
        _entries[(TCall.Operation, cost.Shape)] = entry with { Calls = entry.Calls + 1 };
    }

    public void Dispose() => _pool.Dispose();

    private static InvalidOperationException HasNoValues() => new("nothing was computed: there are no values to read");

    private sealed class CountedBuffer(CountingDevice device, int length) : DeviceBuffer(device, length)
    {
        protected internal override void Free()
        {
        }
    }
}
