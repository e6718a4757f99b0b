namespace Jarn.Kernels;

/// <summary>
/// Passes transfers on to another device, and leaves calls to a subclass. Buffers are the other device's; disposing this leaves that open.
/// </summary>
public abstract class ObservedDevice(IDevice device) : IDevice
{
    public DeviceDescription Description => device.Description;

    public MemoryUse Memory => device.Memory;

    protected IDevice Observed => device;

    public DeviceBuffer Allocate(int length) => device.Allocate(length);

    public void Release(DeviceBuffer buffer) => device.Release(buffer);

    public virtual void Upload(ReadOnlySpan<float> source, DeviceBuffer destination) => device.Upload(source, destination);

    public virtual void Upload(ReadOnlySpan<double> source, DeviceBuffer destination) => device.Upload(source, destination);

    public virtual void Download(DeviceBuffer source, Span<float> destination) => device.Download(source, destination);

    public virtual void Download(DeviceBuffer source, Span<double> destination) => device.Download(source, destination);

    public void Synchronize() => device.Synchronize();

    public abstract void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>;

    public void Dispose() => GC.SuppressFinalize(this);
}
