using System.Globalization;

namespace Jarn.Kernels;

/// <summary>What a kind of call costs at the least.</summary>
/// <param name="Operation">The device's method; for pointwise functions the function too.</param>
/// <param name="Shape">What it was called on.</param>
/// <param name="IsProduct">Whether it is a matrix product or a convolution, which tensor cores may compute.</param>
/// <param name="Calls">How often it was called.</param>
/// <param name="OperationsPerCall">Floating-point operations, a multiply-add counting two; taps on padding count, as everywhere.</param>
/// <param name="BytesPerCall">Of float32 that memory and the device exchange at the least, if nothing larger than a row stays in a cache.</param>
public sealed record WorkEntry(string Operation, string Shape, bool IsProduct, long Calls, double OperationsPerCall, double BytesPerCall);

/// <summary>Computes nothing, but counts the operations and the bytes of every call. Its buffers hold no memory, and there are no values to download.</summary>
public sealed class CountingDevice : IDevice
{
    private readonly Dictionary<(string Operation, string Shape), WorkEntry> _entries = [];
    private readonly BufferPool _pool;

    public CountingDevice() => _pool = new BufferPool(length => new CountedBuffer(this, length));

    /// <summary>In the order of their first calls.</summary>
    public IReadOnlyCollection<WorkEntry> Entries => _entries.Values;

    public DeviceDescription Description { get; } = new(DeviceKind.Reference, "a count of the work, without doing it", 0, 1, sizeof(float));

    public MemoryUse Memory => _pool.Use;

    /// <summary>Forgets what was counted.</summary>
    public void Reset() => _entries.Clear();

    public DeviceBuffer Allocate(int length) => _pool.Rent(length);

    public void Release(DeviceBuffer buffer) => _pool.Return(buffer);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination) => Require.SameLength(source.Length, destination.Length);

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination) => Require.SameLength(source.Length, destination.Length);

    public void Download(DeviceBuffer source, Span<float> destination) => throw HasNoValues();

    public void Download(DeviceBuffer source, Span<double> destination) => throw HasNoValues();

    public void Synchronize()
    {
    }

    public void Fill(double value, DeviceBuffer y) => Count("Fill", y, passes: 1);

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction =>
        Count($"Map {typeof(TFunction).Name}", y, passes: 2, operations: 1);

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction =>
        Count($"Zip {typeof(TFunction).Name}", Of(geometry), y.Length, (2L * y.Length) + s.Length);

    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Count("Sum", Of(geometry), x.Length, (long)x.Length + y.Length);

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Count("Broadcast", Of(geometry), 0, (long)x.Length + y.Length);

    public void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Count("Slice", y, passes: 2);

    public void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Count("Place", x, passes: 2);

    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c)
    {
        geometry.Check(a, b, c);
        string transposed = $"{(geometry.TransposeA ? 'T' : 'N')}{(geometry.TransposeB ? 'T' : 'N')}";
        Count("MatMul", $"{geometry.Rows}×{geometry.Inner}×{geometry.Columns} {transposed}",
            2.0 * geometry.Rows * geometry.Inner * geometry.Columns, (long)a.Length + b.Length + c.Length, isProduct: true);
    }

    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output) =>
        CountConvolution("Convolution", geometry, input, filter, output);

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent) =>
        CountConvolution("ConvolutionInputGradient", geometry, inputCotangent, filter, outputCotangent);

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent) =>
        CountConvolution("ConvolutionFilterGradient", geometry, input, filterCotangent, outputCotangent);

    /// <remarks>x for the sums, x for the result, and the result. Operations: 4 for mean and variance, 3 for scale, shift and slope.</remarks>
    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation) => CountBatchNorm("BatchNorm", geometry, passes: 3, operations: 7);

    /// <remarks>x and ȳ twice, x̄ once. Operations: x̂, z and g = s⊙ȳ twice at 5, the two sums 3, x̄ 4.</remarks>
    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent) =>
        CountBatchNorm("BatchNormGradient", geometry, passes: 5, operations: 17);

    /// <remarks>x, ȳ and v twice, two results. Operations: x̂, z and g twice at 5, the five sums 8, the cotangents of ȳ 8 and of x 7.</remarks>
    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent) =>
        CountBatchNorm("BatchNormGradientGradient", geometry, passes: 8, operations: 33);

    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) => Count("AveragePool", Of(geometry), x.Length, (long)x.Length + y.Length);

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) => Count("AverageUnpool", Of(geometry), y.Length, (long)x.Length + y.Length);

    /// <remarks>Here and below a row fits in a group's shared memory: it is read once.</remarks>
    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) => Count("Softmax", x, passes: 2, operations: 5);

    public void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) =>
        Count("SoftmaxGradient", y, passes: 3, operations: 4);

    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) =>
        Count("CrossEntropy", Of(logits), 7.0 * logits.Length, (2L * logits.Length) + loss.Length);

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) =>
        Count("CrossEntropyGradient", Of(logits), 9.0 * logits.Length, (3L * logits.Length) + lossCotangent.Length);

    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) =>
        Count("CenterAndNormalize", x, passes: 2, operations: 5);

    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) =>
        Count("CenterAndNormalizeGradient", y, passes: 3, operations: 7);

    /// <remarks>The generator's operations are on integers.</remarks>
    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y) => Count("RandomUniform", y, passes: 1, operations: 2);

    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y) => Count("RandomNormal", y, passes: 1, operations: 6);

    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) =>
        Count("SgdMomentum", parameter, passes: 5, operations: 6);

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) =>
        Count("Adam", parameter, passes: 7, operations: 14);

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) => Count("PgdStep", y, passes: 4, operations: 8);

    public void Dispose() => _pool.Dispose();

    private static InvalidOperationException HasNoValues() => new("nothing was computed: there are no values to read");

    private static string Of(DeviceBuffer buffer) => buffer.Length.ToString(CultureInfo.InvariantCulture);

    private static string Of(AxisGeometry geometry) => $"{geometry.Outer}×{geometry.Axis}×{geometry.Inner}";

    private static string Of(PoolGeometry geometry) => $"{geometry.Batch}×{geometry.Height}×{geometry.Width}×{geometry.Channels}/{geometry.Window}";

    private void CountConvolution(string operation, ConvGeometry geometry, DeviceBuffer input, DeviceBuffer filter, DeviceBuffer output)
    {
        geometry.Check(input, filter, output);
        string shape = $"{geometry.Batch}×{geometry.InputHeight}×{geometry.InputWidth}×{geometry.InputChannels}→{geometry.OutputChannels} "
            + $"{geometry.KernelHeight}×{geometry.KernelWidth}/{geometry.StrideHeight}";
        Count(operation, shape, 2.0 * output.Length * (filter.Length / geometry.OutputChannels), (long)input.Length + filter.Length + output.Length, isProduct: true);
    }

    private void CountBatchNorm(string operation, BatchNormGeometry geometry, int passes, int operations) =>
        Count(operation, $"{geometry.Samples}×{geometry.Channels}", (double)operations * geometry.Length, (long)passes * geometry.Length);

    /// <param name="operation">What was called.</param>
    /// <param name="buffer">As long as what is passed over.</param>
    /// <param name="passes">How often so many elements are read or written.</param>
    /// <param name="operations">An element.</param>
    private void Count(string operation, DeviceBuffer buffer, int passes, int operations = 0) =>
        Count(operation, Of(buffer), (double)operations * buffer.Length, (long)passes * buffer.Length);

    private void Count(string operation, string shape, double operations, long elements, bool isProduct = false)
    {
        WorkEntry entry = _entries.GetValueOrDefault((operation, shape))
            ?? new WorkEntry(operation, shape, isProduct, 0, operations, sizeof(float) * (double)elements);
        _entries[(operation, shape)] = entry with { Calls = entry.Calls + 1 };
    }

    private sealed class CountedBuffer(CountingDevice device, int length) : DeviceBuffer(device, length)
    {
        protected internal override void Free()
        {
        }
    }
}
