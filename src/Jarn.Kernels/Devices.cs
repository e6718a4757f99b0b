namespace Jarn.Kernels;

/// <summary>Finds and opens devices.</summary>
public static class Devices
{
    /// <param name="kind">Which device to open.</param>
    /// <param name="threads">Threads of the CPU device; 0 takes one per core.</param>
    /// <exception cref="DeviceUnavailableException">It isn't there; the message says why.</exception>
    public static IDevice Open(DeviceKind kind, int threads = 0) => kind switch
    {
        DeviceKind.Reference => new ReferenceDevice(),
        DeviceKind.Cpu => new CpuDevice(threads),
        _ => throw new DeviceUnavailableException($"no {kind} device is there"),
    };
}

/// <summary>A device that was asked for can't be used; the message is a sentence for the user.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);
