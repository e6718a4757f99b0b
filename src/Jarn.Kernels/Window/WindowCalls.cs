namespace Jarn.Kernels;

/// <summary>Slice: y[o,l,i] = x[o,start+l,i].</summary>
public readonly record struct SliceCall(DeviceBuffer X, WindowGeometry Geometry, DeviceBuffer Y) : IDeviceCall<SliceCall>
{
    public static string Operation => "Slice";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 1, writes: 1);

    public void Check() => Geometry.Check(X, Y);

    public SliceCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.Slice(this);

    public void Run(CpuDevice device) => device.Slice(this);

    public void Run(GpuDevice device) => device.Slice(this);
}

/// <summary>y[o,start+l,i] = x[o,l,i]; the rest of y stays as it is. On a y of zeros the adjoint of <see cref="SliceCall"/>.</summary>
public readonly record struct PlaceCall(DeviceBuffer X, WindowGeometry Geometry, DeviceBuffer Y) : IDeviceCall<PlaceCall>
{
    public static string Operation => "Place";

    public CallCost Cost => CallCost.OfPasses(X.Length, reads: 1, writes: 1);

    public void Check() => Geometry.Check(Y, X);

    public PlaceCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.WritePart(Y));

    public void Run(ReferenceDevice device) => device.Place(this);

    public void Run(CpuDevice device) => device.Place(this);

    public void Run(GpuDevice device) => device.Place(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="SliceCall"/>
    public static void Slice(this IDevice device, DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) =>
        device.Execute(new SliceCall(x, geometry, y));

    /// <inheritdoc cref="PlaceCall"/>
    public static void Place(this IDevice device, DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) =>
        device.Execute(new PlaceCall(x, geometry, y));
}
