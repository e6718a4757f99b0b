using System.Diagnostics;

namespace Jarn.Kernels;

/// <param name="Operation">The device's method; for pointwise functions the function too.</param>
/// <param name="Calls">How often it was called.</param>
/// <param name="Milliseconds">Spent in it.</param>
public sealed record ProfileEntry(string Operation, long Calls, double Milliseconds);

/// <summary>
/// Passes every call on to another device and measures it, waiting for its end: on a GPU the sum is more than an unprofiled run takes.
/// Buffers are the other device's; disposing this leaves that open.
/// </summary>
public sealed class ProfilingDevice(IDevice device) : IDevice
{
    private readonly Dictionary<string, (long Calls, long Ticks)> _entries = [];

    public DeviceDescription Description => device.Description;

    public MemoryUse Memory => device.Memory;

    /// <summary>By time, the most first.</summary>
    public IReadOnlyList<ProfileEntry> Entries =>
        [.. _entries.Select(entry => new ProfileEntry(entry.Key, entry.Value.Calls, Stopwatch.GetElapsedTime(0, entry.Value.Ticks).TotalMilliseconds))
            .OrderByDescending(entry => entry.Milliseconds)];

    public void Reset() => _entries.Clear();

    public DeviceBuffer Allocate(int length) => device.Allocate(length);

    public void Release(DeviceBuffer buffer) => device.Release(buffer);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        long start = Stopwatch.GetTimestamp();
        device.Upload(source, destination);
        Count("Upload", start);
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        long start = Stopwatch.GetTimestamp();
        device.Upload(source, destination);
        Count("Upload", start);
    }

    public void Download(DeviceBuffer source, Span<float> destination)
    {
        long start = Stopwatch.GetTimestamp();
        device.Download(source, destination);
        Count("Download", start);
    }

    public void Download(DeviceBuffer source, Span<double> destination)
    {
        long start = Stopwatch.GetTimestamp();
        device.Download(source, destination);
        Count("Download", start);
    }

    public void Synchronize() => device.Synchronize();

    public void Fill(double value, DeviceBuffer y) => Measure("Fill", () => device.Fill(value, y));

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction =>
        Measure($"Map {typeof(TFunction).Name}", () => device.Map(function, x, y));

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction =>
        Measure($"Zip {typeof(TFunction).Name}", () => device.Zip(function, x, s, geometry, y));

    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Measure("Sum", () => device.Sum(x, geometry, y));

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Measure("Broadcast", () => device.Broadcast(x, geometry, y));

    public void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Measure("Slice", () => device.Slice(x, geometry, y));

    public void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Measure("Place", () => device.Place(x, geometry, y));

    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) => Measure("MatMul", () => device.MatMul(a, b, geometry, c));

    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output) =>
        Measure("Convolution", () => device.Convolution(input, filter, geometry, output));

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent) =>
        Measure("ConvolutionInputGradient", () => device.ConvolutionInputGradient(outputCotangent, filter, geometry, inputCotangent));

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent) =>
        Measure("ConvolutionFilterGradient", () => device.ConvolutionFilterGradient(input, outputCotangent, geometry, filterCotangent));

    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation) =>
        Measure("BatchNorm", () => device.BatchNorm(x, gamma, beta, geometry, y, mean, reciprocalDeviation));

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        BatchNormGradientInputs given = inputs;
        Measure("BatchNormGradient", () => device.BatchNormGradient(given, geometry, xCotangent, gammaCotangent, betaCotangent));
    }

    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        (BatchNormGradientInputs given, BatchNormSecondCotangents second) = (inputs, cotangents);
        Measure("BatchNormGradientGradient",
            () => device.BatchNormGradientGradient(given, second, geometry, xCotangent, gammaCotangent, outputCotangentCotangent));
    }

    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) => Measure("AveragePool", () => device.AveragePool(x, geometry, y));

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) => Measure("AverageUnpool", () => device.AverageUnpool(y, geometry, x));

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) => Measure("Softmax", () => device.Softmax(x, geometry, y));

    public void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) =>
        Measure("SoftmaxGradient", () => device.SoftmaxGradient(y, outputCotangent, geometry, xCotangent));

    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) =>
        Measure("CrossEntropy", () => device.CrossEntropy(logits, labels, geometry, loss));

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) =>
        Measure("CrossEntropyGradient", () => device.CrossEntropyGradient(logits, labels, lossCotangent, geometry, logitsCotangent));

    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) =>
        Measure("CenterAndNormalize", () => device.CenterAndNormalize(x, geometry, y, reciprocalNorm));

    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) =>
        Measure("CenterAndNormalizeGradient", () => device.CenterAndNormalizeGradient(y, reciprocalNorm, outputCotangent, geometry, xCotangent));

    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y) =>
        Measure("RandomUniform", () => device.RandomUniform(key, low, high, y));

    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y) =>
        Measure("RandomNormal", () => device.RandomNormal(key, mean, standardDeviation, y));

    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) =>
        Measure("SgdMomentum", () => device.SgdMomentum(step, gradient, parameter, velocity));

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) =>
        Measure("Adam", () => device.Adam(step, gradient, parameter, firstMoment, secondMoment));

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) =>
        Measure("PgdStep", () => device.PgdStep(step, x, gradient, origin, y));

    public void Dispose()
    {
    }

    private void Measure(string operation, Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        device.Synchronize();
        Count(operation, start);
    }

    private void Count(string operation, long start)
    {
        (long calls, long ticks) = _entries.GetValueOrDefault(operation);
        _entries[operation] = (calls + 1, ticks + Stopwatch.GetTimestamp() - start);
    }
}
