namespace Jarn.Kernels;

/// <summary>A call that was noted, to be made on the memory that its buffers have at a replay.</summary>
internal abstract class CapturedCall
{
    public abstract void Replay(IDevice device);
}

internal sealed class CapturedCall<TCall>(TCall call) : CapturedCall where TCall : struct, IDeviceCall<TCall>
{
    public override void Replay(IDevice device) => device.Execute(call.With(default(ReplayedBuffers)));
}

/// <summary>An upload of the same values at each replay.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class CapturedUpload<T>(T[] values, DeviceBuffer destination) : CapturedCall where T : unmanaged
{
    public override void Replay(IDevice device)
    {
        DeviceBuffer memory = default(ReplayedBuffers).Write(destination);
        if (values is float[] singles)
        {
            device.Upload(singles.AsSpan(), memory);
        }
        else
        {
            device.Upload(((double[])(object)values).AsSpan(), memory);
        }
    }
}

/// <summary>The memory that captured buffers stand for during a replay; other buffers stand for themselves.</summary>
internal readonly struct ReplayedBuffers : ICallBuffers
{
    public DeviceBuffer Read(DeviceBuffer buffer) => Write(buffer);

    public DeviceBuffer Write(DeviceBuffer buffer) => buffer is CapturedBuffer captured
        ? captured.Memory ?? throw new InvalidOperationException("a captured buffer has no memory outside of a replay")
        : buffer;

    public DeviceBuffer WriteElementwise(DeviceBuffer buffer, DeviceBuffer source) => Write(buffer);

    public DeviceBuffer WritePart(DeviceBuffer buffer) => Write(buffer);
}
