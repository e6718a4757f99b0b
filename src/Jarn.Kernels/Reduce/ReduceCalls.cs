namespace Jarn.Kernels;

/// <summary>y[o,i] = Σₐ x[o,a,i]</summary>
public readonly record struct SumCall(DeviceBuffer X, AxisGeometry Geometry, DeviceBuffer Y) : IDeviceCall<SumCall>
{
    public static string Operation => "Sum";

    public CallCost Cost => new(Geometry.ToString(), X.Length, X.Length, Y.Length);

    public void Check() => Geometry.Check(X, Y);

    public SumCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.Sum(this);

    public void Run(CpuDevice device) => device.Sum(this);

    public void Run(GpuDevice device) => device.Sum(this);
}

/// <summary>y[o,a,i] = x[o,i], the adjoint of <see cref="SumCall"/>.</summary>
public readonly record struct BroadcastCall(DeviceBuffer X, AxisGeometry Geometry, DeviceBuffer Y) : IDeviceCall<BroadcastCall>
{
    public static string Operation => "Broadcast";

    public CallCost Cost => new(Geometry.ToString(), 0, X.Length, Y.Length);

    public void Check() => Geometry.Check(Y, X);

    public BroadcastCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.Broadcast(this);

    public void Run(CpuDevice device) => device.Broadcast(this);

    public void Run(GpuDevice device) => device.Broadcast(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="SumCall"/>
    public static void Sum(this IDevice device, DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) =>
        device.Execute(new SumCall(x, geometry, y));

    /// <inheritdoc cref="BroadcastCall"/>
    public static void Broadcast(this IDevice device, DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) =>
        device.Execute(new BroadcastCall(x, geometry, y));
}
