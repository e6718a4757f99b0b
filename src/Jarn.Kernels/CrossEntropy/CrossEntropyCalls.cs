namespace Jarn.Kernels;

/// <summary>loss[row] = −Σ y·log softmax(z), with z the row's logits and y its labels, which may be any numbers.</summary>
public readonly record struct CrossEntropyCall(DeviceBuffer Logits, DeviceBuffer Labels, RowGeometry Geometry, DeviceBuffer Loss)
    : IDeviceCall<CrossEntropyCall>
{
    public static string Operation => "CrossEntropy";

    public CallCost Cost => new($"{Logits.Length}", 7.0 * Logits.Length, 2L * Logits.Length, Loss.Length);

    public void Check() => Geometry.Check([Logits, Labels], Loss);

    public CrossEntropyCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Logits), buffers.Read(Labels), Geometry, buffers.Write(Loss));

    public void Run(ReferenceDevice device) => device.CrossEntropy(this);

    public void Run(CpuDevice device) => device.CrossEntropy(this);

    public void Run(GpuDevice device) => device.CrossEntropy(this);
}

/// <summary>The cotangent of the logits, g[row] of the row's loss given: g(p·Σy − y) with p = softmax(z).</summary>
public readonly record struct CrossEntropyGradientCall(
    DeviceBuffer Logits, DeviceBuffer Labels, DeviceBuffer LossCotangent, RowGeometry Geometry, DeviceBuffer LogitsCotangent)
    : IDeviceCall<CrossEntropyGradientCall>
{
    public static string Operation => "CrossEntropyGradient";

    public CallCost Cost => new($"{Logits.Length}", 9.0 * Logits.Length, (2L * Logits.Length) + LossCotangent.Length, Logits.Length);

    public void Check() => Geometry.Check([Logits, Labels, LogitsCotangent], LossCotangent);

    public CrossEntropyGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Logits), buffers.Read(Labels), buffers.Read(LossCotangent), Geometry, buffers.Write(LogitsCotangent));

    public void Run(ReferenceDevice device) => device.CrossEntropyGradient(this);

    public void Run(CpuDevice device) => device.CrossEntropyGradient(this);

    public void Run(GpuDevice device) => device.CrossEntropyGradient(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="CrossEntropyCall"/>
    public static void CrossEntropy(this IDevice device, DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) =>
        device.Execute(new CrossEntropyCall(logits, labels, geometry, loss));

    /// <inheritdoc cref="CrossEntropyGradientCall"/>
    public static void CrossEntropyGradient(
        this IDevice device, DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent,
        RowGeometry geometry, DeviceBuffer logitsCotangent) =>
        device.Execute(new CrossEntropyGradientCall(logits, labels, lossCotangent, geometry, logitsCotangent));
}
