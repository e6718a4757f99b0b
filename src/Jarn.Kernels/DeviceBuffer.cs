namespace Jarn.Kernels;

/// <summary>
/// Memory on a device for <see cref="Length"/> numbers of that device's precision. Disposing it gives the memory back to the
/// device's pool; a buffer that was given back can't be used again.
/// </summary>
public abstract class DeviceBuffer(IDevice device, int length) : IDisposable
{
    /// <summary>The device that the memory belongs to.</summary>
    public IDevice Device { get; } = device;

    /// <summary>The number of its elements.</summary>
    public int Length { get; } = length;

    /// <summary>Whether the buffer is in somebody's hands, rather than in the pool's.</summary>
    public bool IsLent { get; internal set; }

    public void Dispose()
    {
        if (IsLent)
        {
            Device.Release(this);
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back to the operating system or the driver.</summary>
    protected internal abstract void Free();
}
