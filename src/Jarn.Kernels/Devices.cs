namespace Jarn.Kernels;

/// <summary>Finds and opens devices.</summary>
public static class Devices
{
    /// <param name="threads">Threads of the CPU device; 0 takes one per core.</param>
    /// <param name="winograd">Whether the CPU device may use Winograd's algorithm.</param>
    /// <param name="precision">The precision of matrix products; null for TF32 if the device has tensor cores for it, else float32.</param>
    /// <exception cref="DeviceUnavailableException">The device is not available, or doesn't have that precision; the message says why.</exception>
    public static IDevice Open(DeviceKind kind, int threads = 0, bool winograd = true, MatMulPrecision? precision = null) => kind switch
    {
        DeviceKind.Cuda or DeviceKind.OpenCL or DeviceKind.Emulator => new GpuDevice(kind, precision),
        DeviceKind.Reference or DeviceKind.Cpu when precision == MatMulPrecision.TF32 => throw GpuPlatform.WithoutTF32($"the {kind} device"),
        DeviceKind.Reference => new ReferenceDevice(),
        DeviceKind.Cpu => new CpuDevice(threads, winograd: winograd),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>CUDA where there is some, then an OpenCL GPU, then the CPU device: OpenCL on a processor is slower than that.</summary>
    /// <param name="threads">Threads of the CPU device; 0 takes one per core.</param>
    /// <param name="winograd">Whether the CPU device may use Winograd's algorithm.</param>
    /// <param name="precision">The precision of matrix products; null for TF32 if the device has tensor cores for it, else float32.</param>
    /// <exception cref="DeviceUnavailableException">No device has that precision, or not even the CPU device opens.</exception>
    public static OpenedDevice OpenBest(int threads = 0, bool winograd = true, MatMulPrecision? precision = null)
    {
        List<string> obstacles = [];
        foreach (DeviceKind kind in (ReadOnlySpan<DeviceKind>)[DeviceKind.Cuda, DeviceKind.OpenCL])
        {
            try
            {
                return Opened(new GpuDevice(kind, precision, gpusOnly: true));
            }
            catch (DeviceUnavailableException missing)
            {
                obstacles.Add($"no {kind}: {missing.Message}");
            }
        }
        if (precision == MatMulPrecision.TF32)
        {
            throw new DeviceUnavailableException(string.Join("; ", obstacles));
        }
        return Opened(Open(DeviceKind.Cpu, threads, winograd));

        OpenedDevice Opened(IDevice device) => new(device, string.Join("; ", ["it is the fastest one available", .. obstacles]));
    }

    /// <summary>Every device there is, and in a sentence why another can't be used. Doesn't throw where drivers are missing.</summary>
    public static IReadOnlyList<DeviceListing> List() =>
    [
        ListByOpening(DeviceKind.Cpu),
        .. GpuPlatform.List(DeviceKind.Cuda),
        .. GpuPlatform.List(DeviceKind.OpenCL),
        .. GpuPlatform.List(DeviceKind.Emulator),
        ListByOpening(DeviceKind.Reference),
    ];

    private static DeviceListing ListByOpening(DeviceKind kind)
    {
        try
        {
            using IDevice device = Open(kind);
            return new DeviceListing(kind, device.Description, null);
        }
        catch (DeviceUnavailableException missing)
        {
            return new DeviceListing(kind, null, missing.Message);
        }
    }
}

/// <param name="Device">The device; the caller disposes it.</param>
/// <param name="Reason">Why it is this one, and what kept the faster ones away.</param>
public sealed record OpenedDevice(IDevice Device, string Reason);

/// <param name="Description">The device; null where there is none of its kind.</param>
/// <param name="Obstacle">Why it can't be used; null where it can.</param>
public sealed record DeviceListing(DeviceKind Kind, DeviceDescription? Description, string? Obstacle)
{
    /// <summary>Whether <see cref="Devices.Open"/> opens it.</summary>
    public bool IsUsable => Obstacle is null;
}

/// <summary>A device that was asked for can't be used; the message is a sentence for the user.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);
