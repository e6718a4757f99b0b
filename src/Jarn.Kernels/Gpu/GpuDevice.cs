using System.Buffers;
using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>
/// Float32 on the ILGPU kernels, the same ones for CUDA, OpenCL and ILGPU's emulator. Kernels are compiled when first launched. The files
/// beside each geometry hold its operations.
/// </summary>
public sealed partial class GpuDevice : IDevice
{
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly IKernelLauncher _launcher;
    private readonly StagedUploads _uploads;
    private readonly BufferPool _pool;

    /// <param name="kind">CUDA, OpenCL or the emulator; of several devices of a kind the one with the most multiprocessors.</param>
    /// <param name="precision">Null for TF32 where it has tensor cores for that.</param>
    /// <exception cref="DeviceUnavailableException">There is no such device; the message says why.</exception>
    public GpuDevice(DeviceKind kind, MatMulPrecision? precision = null) : this(kind, precision, gpusOnly: false)
    {
    }

    /// <param name="gpusOnly">Whether to pass over OpenCL on a processor.</param>
    internal GpuDevice(DeviceKind kind, MatMulPrecision? precision, bool gpusOnly)
    {
        _context = GpuPlatform.CreateContext(kind);
        try
        {
            Device device = GpuPlatform.Choose(_context, kind, gpusOnly);
            Description = GpuPlatform.Describe(kind, device, precision);
            _accelerator = device.CreateAccelerator(_context);
            _stream = _accelerator.DefaultStream;
            _launcher = new AcceleratorLauncher(_accelerator, _stream);
            _uploads = new StagedUploads(_accelerator, _stream);
            _pool = new BufferPool(AllocateBuffer);
        }
        catch (Exception failure)
        {
            _accelerator?.Dispose();
            _context.Dispose();
            if (failure is DeviceUnavailableException)
            {
                throw;
            }
            throw new DeviceUnavailableException($"the {kind} device can't be opened: {failure.Message}");
        }
    }

    /// <summary>The accelerator lends its memory and copies it; the launcher runs the kernels on that memory.</summary>
    /// <param name="context">Disposed with the device, as is the accelerator.</param>
    /// <param name="description">
    /// What the kernels are launched as if on: its kind and multiprocessors decide the grids, its precision the kernels of products, and no more than
    /// its memory is lent.
    /// </param>
    internal GpuDevice(Context context, Accelerator accelerator, DeviceDescription description, IKernelLauncher launcher)
    {
        (_context, _accelerator, _stream, _launcher, Description) = (context, accelerator, accelerator.DefaultStream, launcher, description);
        _uploads = new StagedUploads(accelerator, _stream);
        _pool = new BufferPool(AllocateBuffer);
    }

    public DeviceDescription Description { get; }

    public MemoryUse Memory => _pool.Use;

    public DeviceBuffer Allocate(int length) => _pool.Rent(length);

    public void Release(DeviceBuffer buffer) => _pool.Return(buffer);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        ArrayView<float> view = View(destination);
        _accelerator.Bind();
        source.CopyTo(_uploads.Stage(source.Length));
        _uploads.Send(view);
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        ArrayView<float> view = View(destination);
        _accelerator.Bind();
        Span<float> staged = _uploads.Stage(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            staged[i] = (float)source[i];
        }
        _uploads.Send(view);
    }

    public void Download(DeviceBuffer source, Span<float> destination)
    {
        Require.SameLength(source.Length, destination.Length);
        ArrayView<float> view = View(source);
        _accelerator.Bind();
        view.CopyToCPU(_stream, destination);
        _stream.Synchronize();
    }

    public void Download(DeviceBuffer source, Span<double> destination)
    {
        Require.SameLength(source.Length, destination.Length);
        float[] values = ArrayPool<float>.Shared.Rent(destination.Length);
        Download(source, values.AsSpan(0, destination.Length));
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = values[i];
        }
        ArrayPool<float>.Shared.Return(values);
    }

    public void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>
    {
        call.Check();
        call.Run(this);
    }

    public void Synchronize()
    {
        _accelerator.Bind();
        _stream.Synchronize();
    }

    /// <summary>ILGPU wants its buffers and kernels gone before their accelerator, and that before the context.</summary>
    public void Dispose()
    {
        if (_accelerator.IsDisposed)
        {
            return;
        }
        Synchronize();
        _uploads.Dispose();
        _pool.Dispose();
        _accelerator.Dispose();
        _context.Dispose();
    }

    internal ArrayView<float> View(DeviceBuffer buffer) => Fours(buffer).Cast<float>().SubView(0, buffer.Length);

    /// <summary>
    /// The buffer by fours, the last with what pads it: kernels that treat elements alike may read and write the padding too, and have no tail.
    /// </summary>
    private ArrayView<Float4> Fours(DeviceBuffer buffer) => Require.Own<GpuBuffer>(buffer, this).Memory.View.AsContiguous();

    /// <summary>Free lists of other lengths may hold what is missing, so they are emptied before a failure is reported.</summary>
    private GpuBuffer AllocateBuffer(int length)
    {
        _accelerator.Bind();
        try
        {
            return new GpuBuffer(this, length, AllocateMemory(length));
        }
        catch (Exception failure) when (IsFull(failure))
        {
            _stream.Synchronize();
            _pool.Trim();
        }
        try
        {
            return new GpuBuffer(this, length, AllocateMemory(length));
        }
        catch (Exception failure) when (IsFull(failure))
        {
            throw DeviceMemoryException.For(this, length, failure);
        }
    }

    private static bool IsFull(Exception failure) => failure is AcceleratorException or OutOfMemoryException;

    private MemoryBuffer1D<Float4, Stride1D.Dense> AllocateMemory(int length) =>
        (_pool.Use.ReservedElements + length) * sizeof(float) <= Description.MemoryBytes
            ? _accelerator.Allocate1D<Float4>(DivideUp(length, 4))
            : throw new OutOfMemoryException();

    private sealed class GpuBuffer(GpuDevice device, int length, MemoryBuffer1D<Float4, Stride1D.Dense> memory) : DeviceBuffer(device, length)
    {
        public MemoryBuffer1D<Float4, Stride1D.Dense> Memory { get; } = memory;

        protected internal override void Free() => Memory.Dispose();
    }
}
