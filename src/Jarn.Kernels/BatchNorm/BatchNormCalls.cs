namespace Jarn.Kernels;

/// <summary>z = γ(x−μ)r + β with the batch's own μ and r = (σ²+ε)^-½ a channel, and y = z where z &gt; 0, slope·z elsewhere; mean receives μ,
/// reciprocalDeviation r.</summary>
public readonly record struct BatchNormCall(
    DeviceBuffer X, DeviceBuffer Gamma, DeviceBuffer Beta, BatchNormGeometry Geometry,
    DeviceBuffer Y, DeviceBuffer Mean, DeviceBuffer ReciprocalDeviation)
    : IDeviceCall<BatchNormCall>
{
    public static string Operation => "BatchNorm";

    /// <remarks>x for the sums, x for the result, and the result. Operations: 4 for mean and variance, 3 for scale, shift and slope.</remarks>
    public CallCost Cost => Geometry.Cost(reads: 2, writes: 1, operations: 7);

    public void Check()
    {
        Geometry.CheckFull(X, Y);
        Geometry.CheckChannels(Gamma, Beta, Mean, ReciprocalDeviation);
    }

    public BatchNormCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(
        buffers.Read(X), buffers.Read(Gamma), buffers.Read(Beta), Geometry,
        buffers.Write(Y), buffers.Write(Mean), buffers.Write(ReciprocalDeviation));

    public void Run(ReferenceDevice device) => device.BatchNorm(this);

    public void Run(CpuDevice device) => device.BatchNorm(this);

    public void Run(GpuDevice device) => device.BatchNorm(this);
}

/// <summary>The cotangents of x, γ and β, those of y given; μ and r are differentiated through.</summary>
public readonly record struct BatchNormGradientCall(
    BatchNormGradientInputs Inputs, BatchNormGeometry Geometry, DeviceBuffer XCotangent, DeviceBuffer GammaCotangent, DeviceBuffer BetaCotangent)
    : IDeviceCall<BatchNormGradientCall>
{
    public static string Operation => "BatchNormGradient";

    /// <remarks>x and ȳ twice, x̄ once. Operations: x̂, z and g = s⊙ȳ twice at 5, the two sums 3, x̄ 4.</remarks>
    public CallCost Cost => Geometry.Cost(reads: 4, writes: 1, operations: 17);

    public void Check()
    {
        Inputs.Check(Geometry);
        Geometry.CheckFull(XCotangent);
        Geometry.CheckChannels(GammaCotangent, BetaCotangent);
    }

    public BatchNormGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Inputs.With(buffers), Geometry, buffers.Write(XCotangent), buffers.Write(GammaCotangent), buffers.Write(BetaCotangent));

    public void Run(ReferenceDevice device) => device.BatchNormGradient(this);

    public void Run(CpuDevice device) => device.BatchNormGradient(this);

    public void Run(GpuDevice device) => device.BatchNormGradient(this);
}

/// <summary>The derivative of <see cref="BatchNormGradientCall"/>: the cotangents of x, γ and ȳ, given those of its three outputs.</summary>
public readonly record struct BatchNormGradientGradientCall(
    BatchNormGradientInputs Inputs, BatchNormSecondCotangents Cotangents, BatchNormGeometry Geometry, DeviceBuffer XCotangent,
    DeviceBuffer GammaCotangent, DeviceBuffer OutputCotangentCotangent)
    : IDeviceCall<BatchNormGradientGradientCall>
{
    public static string Operation => "BatchNormGradientGradient";

    /// <remarks>x, ȳ and v twice, two results. Operations: x̂, z and g twice at 5, the five sums 8, the cotangents of ȳ 8 and of x 7.</remarks>
    public CallCost Cost => Geometry.Cost(reads: 6, writes: 2, operations: 33);

    public void Check()
    {
        Inputs.Check(Geometry);
        Cotangents.Check(Geometry);
        Geometry.CheckFull(XCotangent, OutputCotangentCotangent);
        Geometry.CheckChannels(GammaCotangent);
    }

    public BatchNormGradientGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(
        Inputs.With(buffers), Cotangents.With(buffers), Geometry, buffers.Write(XCotangent),
        buffers.Write(GammaCotangent), buffers.Write(OutputCotangentCotangent));

    public void Run(ReferenceDevice device) => device.BatchNormGradientGradient(this);

    public void Run(CpuDevice device) => device.BatchNormGradientGradient(this);

    public void Run(GpuDevice device) => device.BatchNormGradientGradient(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="BatchNormCall"/>
    public static void BatchNorm(
        this IDevice device, DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation) =>
        device.Execute(new BatchNormCall(x, gamma, beta, geometry, y, mean, reciprocalDeviation));

    /// <inheritdoc cref="BatchNormGradientCall"/>
    public static void BatchNormGradient(
        this IDevice device, in BatchNormGradientInputs inputs, BatchNormGeometry geometry, DeviceBuffer xCotangent,
        DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent) =>
        device.Execute(new BatchNormGradientCall(inputs, geometry, xCotangent, gammaCotangent, betaCotangent));

    /// <inheritdoc cref="BatchNormGradientGradientCall"/>
    public static void BatchNormGradientGradient(
        this IDevice device, in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent) =>
        device.Execute(new BatchNormGradientGradientCall(inputs, cotangents, geometry, xCotangent, gammaCotangent, outputCotangentCotangent));
}
