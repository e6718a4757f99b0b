using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// An array of numbers in a device's memory. A <see cref="Tape"/> disposes the tensors that it creates; you dispose those that you create yourself
/// (parameters, batches). Don't change a tensor's values while a tape refers to it.
/// </summary>
public sealed class Tensor : IDisposable
{
    public Tensor(IDevice device, Shape shape)
        : this(shape, new Storage(device.Allocate(shape.Length)), null)
    {
    }

    internal Tensor(Shape shape, Storage storage, Node? producer)
    {
        Shape = shape;
        Storage = storage;
        Producer = producer;
    }

    /// <summary>The size of each dimension.</summary>
    public Shape Shape { get; }

    /// <summary>The number of its elements.</summary>
    public int Length => Shape.Length;

    /// <summary>The device memory of the values.</summary>
    /// <exception cref="ObjectDisposedException">The values were freed. Read them earlier, or <see cref="Tape.Keep"/> the tensor.</exception>
    public DeviceBuffer Buffer => Storage.Buffer;

    internal Storage Storage { get; }

    /// <summary>The recorded operation that it is an output of; null for a leaf.</summary>
    internal Node? Producer { get; set; }

    /// <summary>A tensor with these values, in row-major order. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static Tensor From(IDevice device, Shape shape, ReadOnlySpan<float> values)
    {
        Tensor tensor = new(device, shape);
        device.Upload(values, tensor.Buffer);
        return tensor;
    }

    public static Tensor From(IDevice device, Shape shape, ReadOnlySpan<double> values)
    {
        Tensor tensor = new(device, shape);
        device.Upload(values, tensor.Buffer);
        return tensor;
    }

    /// <summary>One-hot encoding: N labels → N×classes, all zeros but for a one in each row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is below 0, or not below the number of classes.</exception>
    public static Tensor OneHot(IDevice device, ReadOnlySpan<int> labels, int classes)
    {
        float[] values = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)labels[i], (uint)classes, nameof(labels));
            values[(i * classes) + labels[i]] = 1;
        }
        return From(device, new Shape(labels.Length, classes), values);
    }

    /// <summary>The values, row-major, rounded to float32 where the device is more precise. Waits for the device.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Length];
        Buffer.Device.Download(Buffer, values);
        return values;
    }

    /// <summary>The values, row-major, in the device's full precision. Waits for the device.</summary>
    public double[] ToDoubles()
    {
        double[] values = new double[Length];
        Buffer.Device.Download(Buffer, values);
        return values;
    }

    /// <summary>The value of a tensor of one element.</summary>
    public double ToScalar()
    {
        if (Length != 1)
        {
            throw new InvalidOperationException($"a tensor of shape {Shape} is no scalar");
        }
        double value = 0;
        Buffer.Device.Download(Buffer, new Span<double>(ref value));
        return value;
    }

    public void Dispose() => Storage.Free();

    public override string ToString() => $"Tensor {Shape}";
}

/// <summary>A buffer that several tensors may view in different shapes, and how many still need it.</summary>
internal sealed class Storage(DeviceBuffer? buffer)
{
    private DeviceBuffer? _buffer = buffer;

    public DeviceBuffer Buffer =>
        _buffer ?? throw new ObjectDisposedException(
            nameof(Tensor), "the tensor's values were given back: read them earlier, or Keep the tensor on its tape");

    /// <summary>During a tape's last sweep: the nodes yet to be visited that read it, the cotangents that live in it, and its keepers.</summary>
    public int Holds { get; set; }

    /// <summary>Takes other memory, in place of what it had.</summary>
    public void Replace(DeviceBuffer? buffer)
    {
        _buffer?.Dispose();
        _buffer = buffer;
    }

    public void Free() => Replace(null);
}
