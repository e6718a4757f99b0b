namespace Jarn.Kernels;

/// <summary>y[row,·] = (x − mean)·r along the row, with the reciprocal norm r[row] = 1/max(‖x − mean‖₂, ε).</summary>
public readonly record struct CenterAndNormalizeCall(DeviceBuffer X, NormalizeGeometry Geometry, DeviceBuffer Y, DeviceBuffer ReciprocalNorm)
    : IDeviceCall<CenterAndNormalizeCall>
{
    public static string Operation => "CenterAndNormalize";

    public CallCost Cost => CallCost.OfPasses(X.Length, reads: 1, writes: 1, operations: 5);

    public void Check() => Geometry.Check([X, Y], ReciprocalNorm);

    public CenterAndNormalizeCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(X), Geometry, buffers.Write(Y), buffers.Write(ReciprocalNorm));

    public void Run(ReferenceDevice device) => device.CenterAndNormalize(this);

    public void Run(CpuDevice device) => device.CenterAndNormalize(this);

    public void Run(GpuDevice device) => device.CenterAndNormalize(this);
}

/// <summary>
/// The cotangent of x, g of y given: r(g − mean g − y·Σgy), without the last term where r is the bound 1/ε. It is linear in g and its own adjoint.
/// </summary>
public readonly record struct CenterAndNormalizeGradientCall(
    DeviceBuffer Y, DeviceBuffer ReciprocalNorm, DeviceBuffer OutputCotangent, NormalizeGeometry Geometry, DeviceBuffer XCotangent)
    : IDeviceCall<CenterAndNormalizeGradientCall>
{
    public static string Operation => "CenterAndNormalizeGradient";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 2, writes: 1, operations: 7);

    public void Check() => Geometry.Check([Y, OutputCotangent, XCotangent], ReciprocalNorm);

    public CenterAndNormalizeGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Y), buffers.Read(ReciprocalNorm), buffers.Read(OutputCotangent), Geometry, buffers.Write(XCotangent));

    public void Run(ReferenceDevice device) => device.CenterAndNormalizeGradient(this);

    public void Run(CpuDevice device) => device.CenterAndNormalizeGradient(this);

    public void Run(GpuDevice device) => device.CenterAndNormalizeGradient(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="CenterAndNormalizeCall"/>
    public static void CenterAndNormalize(
        this IDevice device, DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) =>
        device.Execute(new CenterAndNormalizeCall(x, geometry, y, reciprocalNorm));

    /// <inheritdoc cref="CenterAndNormalizeGradientCall"/>
    public static void CenterAndNormalizeGradient(
        this IDevice device, DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent,
        NormalizeGeometry geometry, DeviceBuffer xCotangent) =>
        device.Execute(new CenterAndNormalizeGradientCall(y, reciprocalNorm, outputCotangent, geometry, xCotangent));
}
