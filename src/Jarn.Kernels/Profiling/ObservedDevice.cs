namespace Jarn.Kernels;

/// <summary>
/// Passes every call on to another device, and shows each one that computes to a subclass. Buffers are the other device's; disposing this leaves
/// that open.
/// </summary>
public abstract class ObservedDevice(IDevice device) : IDevice
{
    public DeviceDescription Description => device.Description;

    public MemoryUse Memory => device.Memory;

    protected IDevice Observed => device;

    public DeviceBuffer Allocate(int length) => device.Allocate(length);

    public void Release(DeviceBuffer buffer) => device.Release(buffer);

    public virtual void Upload(ReadOnlySpan<float> source, DeviceBuffer destination) => device.Upload(source, destination);

    public virtual void Upload(ReadOnlySpan<double> source, DeviceBuffer destination) => device.Upload(source, destination);

    public virtual void Download(DeviceBuffer source, Span<float> destination) => device.Download(source, destination);

    public virtual void Download(DeviceBuffer source, Span<double> destination) => device.Download(source, destination);

    public void Synchronize() => device.Synchronize();

    public void Fill(double value, DeviceBuffer y) => Observe("Fill", () => device.Fill(value, y), [], [y]);

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction =>
        Observe($"Map {typeof(TFunction).Name}", () => device.Map(function, x, y), [x], [y]);

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction =>
        Observe($"Zip {typeof(TFunction).Name}", () => device.Zip(function, x, s, geometry, y), [x, s], [y]);

    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Observe("Sum", () => device.Sum(x, geometry, y), [x], [y]);

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) =>
        Observe("Broadcast", () => device.Broadcast(x, geometry, y), [x], [y]);

    public void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Observe("Slice", () => device.Slice(x, geometry, y), [x], [y]);

    public void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Observe("Place", () => device.Place(x, geometry, y), [x], [y]);

    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) =>
        Observe("MatMul", () => device.MatMul(a, b, geometry, c), [a, b], [c]);

    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output) =>
        Observe("Convolution", () => device.Convolution(input, filter, geometry, output), [input, filter], [output]);

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent) =>
        Observe("ConvolutionInputGradient",
            () => device.ConvolutionInputGradient(outputCotangent, filter, geometry, inputCotangent),
            [outputCotangent, filter], [inputCotangent]);

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent) =>
        Observe("ConvolutionFilterGradient",
            () => device.ConvolutionFilterGradient(input, outputCotangent, geometry, filterCotangent),
            [input, outputCotangent], [filterCotangent]);

    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation) =>
        Observe("BatchNorm",
            () => device.BatchNorm(x, gamma, beta, geometry, y, mean, reciprocalDeviation),
            [x, gamma, beta], [y, mean, reciprocalDeviation]);

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        BatchNormGradientInputs given = inputs;
        Observe("BatchNormGradient",
            () => device.BatchNormGradient(given, geometry, xCotangent, gammaCotangent, betaCotangent),
            [given.X, given.Gamma, given.Beta, given.OutputCotangent], [xCotangent, gammaCotangent, betaCotangent]);
    }

    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        (BatchNormGradientInputs given, BatchNormSecondCotangents second) = (inputs, cotangents);
        Observe("BatchNormGradientGradient",
            () => device.BatchNormGradientGradient(given, second, geometry, xCotangent, gammaCotangent, outputCotangentCotangent),
            [given.X, given.Gamma, given.Beta, given.OutputCotangent, second.X, second.Gamma, second.Beta],
            [xCotangent, gammaCotangent, outputCotangentCotangent]);
    }

    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) =>
        Observe("AveragePool", () => device.AveragePool(x, geometry, y), [x], [y]);

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) =>
        Observe("AverageUnpool", () => device.AverageUnpool(y, geometry, x), [y], [x]);

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) => Observe("Softmax", () => device.Softmax(x, geometry, y), [x], [y]);

    public void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) =>
        Observe("SoftmaxGradient", () => device.SoftmaxGradient(y, outputCotangent, geometry, xCotangent), [y, outputCotangent], [xCotangent]);

    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) =>
        Observe("CrossEntropy", () => device.CrossEntropy(logits, labels, geometry, loss), [logits, labels], [loss]);

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) =>
        Observe("CrossEntropyGradient",
            () => device.CrossEntropyGradient(logits, labels, lossCotangent, geometry, logitsCotangent),
            [logits, labels, lossCotangent], [logitsCotangent]);

    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) =>
        Observe("CenterAndNormalize", () => device.CenterAndNormalize(x, geometry, y, reciprocalNorm), [x], [y, reciprocalNorm]);

    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) =>
        Observe("CenterAndNormalizeGradient",
            () => device.CenterAndNormalizeGradient(y, reciprocalNorm, outputCotangent, geometry, xCotangent),
            [y, reciprocalNorm, outputCotangent], [xCotangent]);

    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y) =>
        Observe("RandomUniform", () => device.RandomUniform(key, low, high, y), [], [y]);

    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y) =>
        Observe("RandomNormal", () => device.RandomNormal(key, mean, standardDeviation, y), [], [y]);

    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) =>
        Observe("SgdMomentum", () => device.SgdMomentum(step, gradient, parameter, velocity), [gradient], [parameter, velocity]);

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) =>
        Observe("Adam", () => device.Adam(step, gradient, parameter, firstMoment, secondMoment), [gradient], [parameter, firstMoment, secondMoment]);

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) =>
        Observe("PgdStep", () => device.PgdStep(step, x, gradient, origin, y), [x, gradient, origin], [y]);

    public void Dispose() => GC.SuppressFinalize(this);

    /// <param name="operation">The device's method; for pointwise functions the function too.</param>
    /// <param name="call">Makes it: to be called once.</param>
    /// <param name="inputs">What it reads; what it changes in place is an output.</param>
    /// <param name="outputs">What it writes.</param>
    protected abstract void Observe(string operation, Action call, DeviceBuffer[] inputs, DeviceBuffer[] outputs);
}
