namespace Jarn.Kernels;

/// <summary>
/// The executable specification: scalar loops in double, written to be read. Other devices are checked against it, and gradients are
/// checked on it. The files beside each geometry hold its operations.
/// </summary>
public sealed partial class ReferenceDevice : IDevice
{
    private readonly BufferPool _pool;

    public ReferenceDevice()
    {
        _pool = new BufferPool(length => new ReferenceBuffer(this, length));
        Description = new DeviceDescription(
            DeviceKind.Reference, "reference (double precision, one thread)", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 1, sizeof(double));
    }

    public DeviceDescription Description { get; }

    public MemoryUse Memory => _pool.Use;

    public DeviceBuffer Allocate(int length) => _pool.Rent(length);

    public void Release(DeviceBuffer buffer) => _pool.Return(buffer);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        Span<double> target = Span(destination);
        Require.SameLength(source.Length, target.Length);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i];
        }
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        source.CopyTo(Span(destination));
    }

    public void Download(DeviceBuffer source, Span<float> destination)
    {
        Span<double> values = Span(source);
        Require.SameLength(values.Length, destination.Length);
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = (float)values[i];
        }
    }

    public void Download(DeviceBuffer source, Span<double> destination)
    {
        Require.SameLength(source.Length, destination.Length);
        Span(source).CopyTo(destination);
    }

    public void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>
    {
        call.Check();
        call.Run(this);
    }

    public void Synchronize()
    {
    }

    public void Dispose() => _pool.Dispose();

    private double[] Values(DeviceBuffer buffer) => Require.Own<ReferenceBuffer>(buffer, this).Values;

    internal Span<double> Span(DeviceBuffer buffer) => Values(buffer);

    private sealed class ReferenceBuffer(ReferenceDevice device, int length) : DeviceBuffer(device, length)
    {
        public double[] Values { get; } = new double[length];

        protected internal override void Free()
        {
        }
    }
}
