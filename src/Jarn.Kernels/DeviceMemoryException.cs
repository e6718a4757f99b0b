using System.Globalization;

namespace Jarn.Kernels;

/// <summary>A device's memory is spent; the message says whose, and how much was asked for beside how much.</summary>
public sealed class DeviceMemoryException(string message, Exception inner) : Exception(message, inner)
{
    internal static DeviceMemoryException For(IDevice device, int length, Exception failure) => new(
        $"{device.Description.Name} has no room for another {Megabytes(length, sizeof(float))} MB beside the "
        + $"{Megabytes(device.Memory.LentElements, sizeof(float))} MB in use here, of {Megabytes(device.Description.MemoryBytes, 1)} MB in all",
        failure);

    private static string Megabytes(long count, int bytesEach) => (count * bytesEach / 1e6).ToString("0.#", CultureInfo.InvariantCulture);
}
