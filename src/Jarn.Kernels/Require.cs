using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <summary>The checks that stand before every kernel: a length that contradicts its geometry must never reach a pointer.</summary>
internal static class Require
{
    public static void Length(DeviceBuffer buffer, int length, [CallerArgumentExpression(nameof(buffer))] string name = "")
    {
        if (buffer.Length != length)
        {
            throw new ArgumentException($"{name} has {buffer.Length} elements where its geometry wants {length}");
        }
    }

    public static void SameLength(DeviceBuffer a, DeviceBuffer b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"the buffers have {a.Length} and {b.Length} elements: they must be equally long");
        }
    }

    public static void SameLength(int a, int b)
    {
        if (a != b)
        {
            throw new ArgumentException($"{a} elements can't be copied to {b}");
        }
    }

    /// <summary>The buffer as its device's own kind, if it is that device's and still lent.</summary>
    public static TBuffer Own<TBuffer>(DeviceBuffer buffer, IDevice device) where TBuffer : DeviceBuffer
    {
        if (!ReferenceEquals(buffer.Device, device))
        {
            throw new ArgumentException($"the buffer belongs to {buffer.Device.Description.Name}, not to {device.Description.Name}");
        }
        ObjectDisposedException.ThrowIf(!buffer.IsLent, buffer);
        return (TBuffer)buffer;
    }

    public static int Product(params ReadOnlySpan<int> factors)
    {
        long product = 1;
        foreach (int factor in factors)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
            product = checked(product * factor);
        }
        return checked((int)product);
    }
}
