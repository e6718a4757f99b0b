namespace Jarn.Kernels;

/// <summary>
/// Computes nothing, but notes every call, so that the same calls can be replayed on another device: see <see cref="End"/>. Its own buffers
/// hold no memory; buffers of the other device may be used beside them, and are the same ones at each replay. What depends on values, or
/// changes from one replay to the next, is refused.
/// </summary>
/// <param name="device">The device that replays the calls.</param>
public sealed class CapturingDevice(IDevice device) : IDevice
{
    private readonly List<CapturedCall> _calls = [];
    private readonly List<CapturedBuffer> _used = [];
    private readonly HashSet<DeviceBuffer> _written = [];

    public DeviceDescription Description => device.Description;

    public MemoryUse Memory => device.Memory;

    public DeviceBuffer Allocate(int length) => new CapturedBuffer(this, length);

    /// <summary>A buffer's life ends with the last call that it takes part in.</summary>
    public void Release(DeviceBuffer buffer)
    {
    }

    /// <summary>Ends the capture and returns what was captured.</summary>
    /// <param name="inputs">Buffers of this device that take other memory at each replay.</param>
    /// <param name="outputs">Buffers of this device that outlive a replay: each one that a call has written, and none twice.</param>
    /// <param name="changes">Inputs, and buffers of the other device, that a replay changes: its effects beside the outputs.</param>
    /// <exception cref="ArgumentException">An output is an input, or a buffer of the other device, or given twice.</exception>
    /// <exception cref="InvalidOperationException">A call writes an input or a buffer of the other device that is not among the changes.</exception>
    public CapturedProgram End(IReadOnlyList<DeviceBuffer> inputs, IReadOnlyList<DeviceBuffer> outputs, IReadOnlyList<DeviceBuffer>? changes = null)
    {
        int undeclared = _written.Where(buffer => buffer is not CapturedBuffer || inputs.Contains(buffer)).Except(changes ?? []).Count();
        return undeclared == 0 ? new CapturedProgram(device, [.. _calls], _used, [.. inputs.Cast<CapturedBuffer>()], outputs)
            : throw new InvalidOperationException(
                $"{undeclared} buffers are changed in place and not declared as changes: each replay would change them");
    }

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        Use(destination);
        _written.Add(destination);
        _calls.Add(new CapturedUpload<float>(source.ToArray(), destination));
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        Use(destination);
        _written.Add(destination);
        _calls.Add(new CapturedUpload<double>(source.ToArray(), destination));
    }

    public void Download(DeviceBuffer source, Span<float> destination) => throw HasNoValues();

    public void Download(DeviceBuffer source, Span<double> destination) => throw HasNoValues();

    public void Synchronize()
    {
    }

    public void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>
    {
        if (TCall.ChangesBetweenReplays is string what)
        {
            throw new InvalidOperationException($"{what} would be the same at each replay: make this call between the replays");
        }
        call.Check();
        _ = call.With(new Lifetimes(this));
        _calls.Add(new CapturedCall<TCall>(call));
    }

    public void Dispose()
    {
    }

    private static InvalidOperationException HasNoValues() =>
        new("there are no values to read while calls are captured: make the tensor an output, and read it after a run");

    /// <summary>The next call uses a buffer.</summary>
    private void Use(DeviceBuffer buffer)
    {
        if (buffer is CapturedBuffer captured && captured.UsedBy(_calls.Count))
        {
            _used.Add(captured);
        }
    }

    /// <summary>Notes from which call to which a buffer is in use, and whose memory it may take over.</summary>
    private sealed class Lifetimes(CapturingDevice device) : ICallBuffers
    {
        public DeviceBuffer Read(DeviceBuffer buffer)
        {
            device.Use(buffer);
            return buffer;
        }

        public DeviceBuffer Write(DeviceBuffer buffer)
        {
            device._written.Add(buffer);
            return Read(buffer);
        }

        /// <summary>Lets the buffer take the memory of the source if nothing uses the source afterwards.</summary>
        public DeviceBuffer WriteElementwise(DeviceBuffer buffer, DeviceBuffer source)
        {
            if (source is CapturedBuffer read && buffer is CapturedBuffer { FirstCall: < 0 } result && source != buffer
                && source.Length == buffer.Length)
            {
                result.Predecessor = read;
            }
            return Write(buffer);
        }
    }
}
