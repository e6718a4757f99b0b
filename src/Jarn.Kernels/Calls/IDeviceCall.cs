namespace Jarn.Kernels;

/// <summary>
/// A call of a device's operation as a value: what it reads, what it writes, what it costs. Whatever stands between a program and a device (capture,
/// profiling, counting, …) implements <see cref="IDevice.Execute"/> once, for every operation there is.
/// </summary>
/// <typeparam name="TSelf">The operation's record struct.</typeparam>
public interface IDeviceCall<TSelf> where TSelf : struct, IDeviceCall<TSelf>
{
    /// <summary>The operation's name; of pointwise functions with the function's.</summary>
    static abstract string Operation { get; }

    /// <summary>What differs at each replay, so that the call can't be captured; null if nothing does.</summary>
    static virtual string? ChangesBetweenReplays => null;

    /// <summary>Its floating-point operations and memory traffic.</summary>
    CallCost Cost { get; }

    /// <exception cref="ArgumentException">A buffer's length contradicts the geometry.</exception>
    void Check();

    /// <summary>The same call on other buffers. Each buffer of this call is passed to <paramref name="buffers"/> once, in its role.</summary>
    TSelf With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers;

    /// <summary>Computes it in double precision.</summary>
    void Run(ReferenceDevice device);

    /// <summary>Computes it on the processor.</summary>
    void Run(CpuDevice device);

    /// <summary>Launches its kernels.</summary>
    void Run(GpuDevice device);
}

/// <summary>A call that changes a parameter by its gradient, which it reads first; it writes the parameter first.</summary>
public interface IParameterUpdate;

/// <summary>Receives the buffers of a call, and returns the ones to use instead.</summary>
public interface ICallBuffers
{
    /// <summary>Replaces a buffer that the call only reads.</summary>
    DeviceBuffer Read(DeviceBuffer buffer);

    /// <summary>Replaces a buffer that the call overwrites or updates as a whole.</summary>
    DeviceBuffer Write(DeviceBuffer buffer);

    /// <summary>Replaces a buffer that the call overwrites element by element, and that may share the memory of <paramref name="source"/>.</summary>
    DeviceBuffer WriteElementwise(DeviceBuffer buffer, DeviceBuffer source) => Write(buffer);

    /// <summary>Replaces a buffer that the call overwrites in part; the rest keeps its values.</summary>
    DeviceBuffer WritePart(DeviceBuffer buffer) => Write(buffer);
}

/// <summary>The least that a call costs.</summary>
/// <param name="Shape">The size of the operands, for tables.</param>
/// <param name="Operations">Floating-point operations, a multiply-add counting two; taps on padding count, as everywhere.</param>
/// <param name="Reads">
/// Elements that memory must give the device if nothing larger than a row stays in a cache; vectors over channels are left out.
/// </param>
/// <param name="Writes">Elements that go back to memory, likewise.</param>
/// <param name="IsProduct">Whether it is a matrix product or a convolution, which tensor cores may compute.</param>
public readonly record struct CallCost(string Shape, double Operations, long Reads, long Writes, bool IsProduct = false)
{
    /// <summary>The cost of a pass over several tensors of the same length.</summary>
    /// <param name="elements">Elements in each tensor.</param>
    /// <param name="reads">The number of tensors that are read.</param>
    /// <param name="writes">The number of tensors that are written.</param>
    /// <param name="operations">Floating-point operations per element.</param>
    /// <param name="shape"><see cref="Shape"/>; null for the number of elements.</param>
    public static CallCost OfPasses(int elements, int reads, int writes, int operations = 0, string? shape = null) => new(
        shape ?? elements.ToString(System.Globalization.CultureInfo.InvariantCulture),
        (double)operations * elements, (long)reads * elements, (long)writes * elements);
}
