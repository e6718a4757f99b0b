namespace Jarn.Kernels;

/// <summary>The mean of each window.</summary>
public readonly record struct AveragePoolCall(DeviceBuffer X, PoolGeometry Geometry, DeviceBuffer Y) : IDeviceCall<AveragePoolCall>
{
    public static string Operation => "AveragePool";

    public CallCost Cost => new(Geometry.ToString(), X.Length, X.Length, Y.Length);

    public void Check() => Geometry.Check(X, Y);

    public AveragePoolCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.AveragePool(this);

    public void Run(CpuDevice device) => device.AveragePool(this);

    public void Run(GpuDevice device) => device.AveragePool(this);
}

/// <summary>The adjoint of <see cref="AveragePoolCall"/>: each window of x receives y's element divided by the window's area, the rest 0.</summary>
public readonly record struct AverageUnpoolCall(DeviceBuffer Y, PoolGeometry Geometry, DeviceBuffer X) : IDeviceCall<AverageUnpoolCall>
{
    public static string Operation => "AverageUnpool";

    public CallCost Cost => new(Geometry.ToString(), Y.Length, Y.Length, X.Length);

    public void Check() => Geometry.Check(X, Y);

    public AverageUnpoolCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(Y), Geometry, buffers.Write(X));

    public void Run(ReferenceDevice device) => device.AverageUnpool(this);

    public void Run(CpuDevice device) => device.AverageUnpool(this);

    public void Run(GpuDevice device) => device.AverageUnpool(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="AveragePoolCall"/>
    public static void AveragePool(this IDevice device, DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) =>
        device.Execute(new AveragePoolCall(x, geometry, y));

    /// <inheritdoc cref="AverageUnpoolCall"/>
    public static void AverageUnpool(this IDevice device, DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) =>
        device.Execute(new AverageUnpoolCall(y, geometry, x));
}
