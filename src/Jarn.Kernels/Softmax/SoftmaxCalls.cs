namespace Jarn.Kernels;

/// <summary>y[row,·] = exp x[row,·] / Σ exp x[row,·], without overflow.</summary>
public readonly record struct SoftmaxCall(DeviceBuffer X, RowGeometry Geometry, DeviceBuffer Y) : IDeviceCall<SoftmaxCall>
{
    public static string Operation => "Softmax";

    /// <remarks>A row fits in a group's shared memory: it is read once.</remarks>
    public CallCost Cost => CallCost.OfPasses(X.Length, reads: 1, writes: 1, operations: 5);

    public void Check() => Geometry.Check(X, Y);

    public SoftmaxCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(buffers.Read(X), Geometry, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.Softmax(this);

    public void Run(CpuDevice device) => device.Softmax(this);

    public void Run(GpuDevice device) => device.Softmax(this);
}

/// <summary>The cotangent of x, g of the softmax y given: y(g − Σgy) along the row.</summary>
public readonly record struct SoftmaxGradientCall(DeviceBuffer Y, DeviceBuffer OutputCotangent, RowGeometry Geometry, DeviceBuffer XCotangent)
    : IDeviceCall<SoftmaxGradientCall>
{
    public static string Operation => "SoftmaxGradient";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 2, writes: 1, operations: 4);

    public void Check() => Geometry.Check(Y, OutputCotangent, XCotangent);

    public SoftmaxGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Y), buffers.Read(OutputCotangent), Geometry, buffers.Write(XCotangent));

    public void Run(ReferenceDevice device) => device.SoftmaxGradient(this);

    public void Run(CpuDevice device) => device.SoftmaxGradient(this);

    public void Run(GpuDevice device) => device.SoftmaxGradient(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="SoftmaxCall"/>
    public static void Softmax(this IDevice device, DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) =>
        device.Execute(new SoftmaxCall(x, geometry, y));

    /// <inheritdoc cref="SoftmaxGradientCall"/>
    public static void SoftmaxGradient(
        this IDevice device, DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) =>
        device.Execute(new SoftmaxGradientCall(y, outputCotangent, geometry, xCotangent));
}
