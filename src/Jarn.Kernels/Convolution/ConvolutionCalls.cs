namespace Jarn.Kernels;

/// <summary>y[n,p,q,k] = Σ x[n, p·s−top+r, q·s−left+t, c]·w[r,t,c,k], x zero outside.</summary>
public readonly record struct ConvolutionCall(DeviceBuffer Input, DeviceBuffer Filter, ConvolutionGeometry Geometry, DeviceBuffer Output)
    : IDeviceCall<ConvolutionCall>
{
    public static string Operation => "Convolution";

    public CallCost Cost => Geometry.Cost(Input.Length + (long)Filter.Length, Output.Length);

    public void Check() => Geometry.Check(Input, Filter, Output);

    public ConvolutionCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Input), buffers.Read(Filter), Geometry, buffers.Write(Output));

    public void Run(ReferenceDevice device) => device.Convolution(this);

    public void Run(CpuDevice device) => device.Convolution(this);

    public void Run(GpuDevice device) => device.Convolution(this);
}

/// <summary>The x̄ with ⟨x̄, x⟩ = ⟨ȳ, y(x, w)⟩ for all x.</summary>
public readonly record struct ConvolutionInputGradientCall(
    DeviceBuffer OutputCotangent, DeviceBuffer Filter, ConvolutionGeometry Geometry, DeviceBuffer InputCotangent)
    : IDeviceCall<ConvolutionInputGradientCall>
{
    public static string Operation => "ConvolutionInputGradient";

    public CallCost Cost => Geometry.Cost(OutputCotangent.Length + (long)Filter.Length, InputCotangent.Length);

    public void Check() => Geometry.Check(InputCotangent, Filter, OutputCotangent);

    public ConvolutionInputGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(OutputCotangent), buffers.Read(Filter), Geometry, buffers.Write(InputCotangent));

    public void Run(ReferenceDevice device) => device.ConvolutionInputGradient(this);

    public void Run(CpuDevice device) => device.ConvolutionInputGradient(this);

    public void Run(GpuDevice device) => device.ConvolutionInputGradient(this);
}

/// <summary>The w̄ with ⟨w̄, w⟩ = ⟨ȳ, y(x, w)⟩ for all w.</summary>
public readonly record struct ConvolutionFilterGradientCall(
    DeviceBuffer Input, DeviceBuffer OutputCotangent, ConvolutionGeometry Geometry, DeviceBuffer FilterCotangent)
    : IDeviceCall<ConvolutionFilterGradientCall>
{
    public static string Operation => "ConvolutionFilterGradient";

    public CallCost Cost => Geometry.Cost(Input.Length + (long)OutputCotangent.Length, FilterCotangent.Length);

    public void Check() => Geometry.Check(Input, FilterCotangent, OutputCotangent);

    public ConvolutionFilterGradientCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(Input), buffers.Read(OutputCotangent), Geometry, buffers.Write(FilterCotangent));

    public void Run(ReferenceDevice device) => device.ConvolutionFilterGradient(this);

    public void Run(CpuDevice device) => device.ConvolutionFilterGradient(this);

    public void Run(GpuDevice device) => device.ConvolutionFilterGradient(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="ConvolutionCall"/>
    public static void Convolution(this IDevice device, DeviceBuffer input, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer output) =>
        device.Execute(new ConvolutionCall(input, filter, geometry, output));

    /// <inheritdoc cref="ConvolutionInputGradientCall"/>
    public static void ConvolutionInputGradient(
        this IDevice device, DeviceBuffer outputCotangent, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer inputCotangent) =>
        device.Execute(new ConvolutionInputGradientCall(outputCotangent, filter, geometry, inputCotangent));

    /// <inheritdoc cref="ConvolutionFilterGradientCall"/>
    public static void ConvolutionFilterGradient(
        this IDevice device, DeviceBuffer input, DeviceBuffer outputCotangent, ConvolutionGeometry geometry, DeviceBuffer filterCotangent) =>
        device.Execute(new ConvolutionFilterGradientCall(input, outputCotangent, geometry, filterCotangent));
}
