namespace Jarn.Kernels;

/// <summary>
/// Memory, and calls that compute on it. A call reads its input buffers and overwrites its output buffers, which must not overlap the inputs
/// unless it says so; a geometry gives the shapes. A device is used by one thread at a time. Calls take effect in order; only downloads and
/// <see cref="Synchronize"/> wait. The same calls give the same bits, whatever the number of threads.
/// </summary>
public interface IDevice : IDisposable
{
    /// <summary>The kind of device, its name and its memory.</summary>
    DeviceDescription Description { get; }

    /// <summary>How much memory its buffers take.</summary>
    MemoryUse Memory { get; }

    /// <summary>A buffer with undefined contents; dispose it to give it back.</summary>
    DeviceBuffer Allocate(int length);

    /// <summary>Takes a buffer back. Disposing the buffer calls this.</summary>
    void Release(DeviceBuffer buffer);

    /// <summary>Copies numbers to the device, rounded or widened to its precision.</summary>
    void Upload(ReadOnlySpan<float> source, DeviceBuffer destination);

    /// <summary>Copies numbers to the device, rounded to its precision.</summary>
    void Upload(ReadOnlySpan<double> source, DeviceBuffer destination);

    /// <summary>Copies numbers from the device, after all work before it.</summary>
    void Download(DeviceBuffer source, Span<float> destination);

    /// <summary>Copies numbers from the device, after all work before it.</summary>
    void Download(DeviceBuffer source, Span<double> destination);

    /// <summary>Waits until all work is done.</summary>
    void Synchronize();

    /// <summary>Makes a call: see the <c>…Call</c> structs, and <see cref="DeviceOperations"/> for a method each.</summary>
    /// <exception cref="ArgumentException">A buffer's length contradicts the call's geometry, or it is another device's.</exception>
    void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>;
}
