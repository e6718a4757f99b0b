namespace Jarn.Kernels;

/// <summary>
/// Computes nothing, but notes every call, so that the same calls can be replayed on another device: see <see cref="End"/>. Its own buffers
/// hold no memory; buffers of the other device may be used beside them, and are the same ones at each replay. What depends on values, or
/// changes from one replay to the next, is refused.
/// </summary>
/// <param name="device">Where the calls are to be replayed.</param>
public sealed class CapturingDevice(IDevice device) : IDevice
{
    private readonly List<Action<IDevice>> _calls = [];
    private readonly List<CapturedBuffer> _used = [];

    public DeviceDescription Description => device.Description;

    public MemoryUse Memory => device.Memory;

    public DeviceBuffer Allocate(int length) => new CapturedBuffer(this, length);

    /// <summary>A buffer's life ends with the last call that it takes part in.</summary>
    public void Release(DeviceBuffer buffer)
    {
    }

    /// <summary>Ends the capture.</summary>
    /// <param name="inputs">Buffers of this device that take other memory at each replay.</param>
    /// <param name="outputs">Buffers of this device that outlive a replay: each one that a call has written, and none twice.</param>
    /// <exception cref="ArgumentException">An output is an input, or a buffer of the other device, or given twice.</exception>
    public CapturedProgram End(IReadOnlyList<DeviceBuffer> inputs, IReadOnlyList<DeviceBuffer> outputs) =>
        new(device, [.. _calls], _used, [.. inputs.Cast<CapturedBuffer>()], outputs);

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        float[] values = source.ToArray();
        Note(d => d.Upload(values, At(destination)), destination);
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        double[] values = source.ToArray();
        Note(d => d.Upload(values, At(destination)), destination);
    }

    public void Download(DeviceBuffer source, Span<float> destination) => throw HasNoValues();

    public void Download(DeviceBuffer source, Span<double> destination) => throw HasNoValues();

    public void Synchronize()
    {
    }

    public void Fill(double value, DeviceBuffer y) => Note(d => d.Fill(value, At(y)), y);

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction =>
        NoteElementwise(d => d.Map(function, At(x), At(y)), x, y);

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction => NoteElementwise(d => d.Zip(function, At(x), At(s), geometry, At(y)), x, y, s);

    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Note(d => d.Sum(At(x), geometry, At(y)), x, y);

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) => Note(d => d.Broadcast(At(x), geometry, At(y)), x, y);

    public void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Note(d => d.Slice(At(x), geometry, At(y)), x, y);

    public void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) => Note(d => d.Place(At(x), geometry, At(y)), x, y);

    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) =>
        Note(d => d.MatMul(At(a), At(b), geometry, At(c)), a, b, c);

    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output) =>
        Note(d => d.Convolution(At(input), At(filter), geometry, At(output)), input, filter, output);

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent) => Note(
        d => d.ConvolutionInputGradient(At(outputCotangent), At(filter), geometry, At(inputCotangent)), outputCotangent, filter, inputCotangent);

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent) => Note(
        d => d.ConvolutionFilterGradient(At(input), At(outputCotangent), geometry, At(filterCotangent)), input, outputCotangent, filterCotangent);

    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation) => Note(
            d => d.BatchNorm(At(x), At(gamma), At(beta), geometry, At(y), At(mean), At(reciprocalDeviation)), x, gamma, beta, y, mean, reciprocalDeviation);

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        BatchNormGradientInputs i = inputs;
        Note(d => d.BatchNormGradient(At(i), geometry, At(xCotangent), At(gammaCotangent), At(betaCotangent)),
            [.. Buffers(i), xCotangent, gammaCotangent, betaCotangent]);
    }

    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        (BatchNormGradientInputs i, BatchNormSecondCotangents c) = (inputs, cotangents);
        Note(d => d.BatchNormGradientGradient(At(i), new BatchNormSecondCotangents(At(c.X), At(c.Gamma), At(c.Beta)), geometry,
                At(xCotangent), At(gammaCotangent), At(outputCotangentCotangent)),
            [.. Buffers(i), c.X, c.Gamma, c.Beta, xCotangent, gammaCotangent, outputCotangentCotangent]);
    }

    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) => Note(d => d.AveragePool(At(x), geometry, At(y)), x, y);

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) => Note(d => d.AverageUnpool(At(y), geometry, At(x)), y, x);

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) => Note(d => d.Softmax(At(x), geometry, At(y)), x, y);

    public void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) =>
        Note(d => d.SoftmaxGradient(At(y), At(outputCotangent), geometry, At(xCotangent)), y, outputCotangent, xCotangent);

    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) =>
        Note(d => d.CrossEntropy(At(logits), At(labels), geometry, At(loss)), logits, labels, loss);

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) => Note(
            d => d.CrossEntropyGradient(At(logits), At(labels), At(lossCotangent), geometry, At(logitsCotangent)),
            logits, labels, lossCotangent, logitsCotangent);

    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) =>
        Note(d => d.CenterAndNormalize(At(x), geometry, At(y), At(reciprocalNorm)), x, y, reciprocalNorm);

    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) => Note(
            d => d.CenterAndNormalizeGradient(At(y), At(reciprocalNorm), At(outputCotangent), geometry, At(xCotangent)),
            y, reciprocalNorm, outputCotangent, xCotangent);

    public void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y) => throw Changes("the key of random numbers");

    public void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y) => throw Changes("the key of random numbers");

    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) =>
        throw Changes("an optimiser's learning rate");

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) =>
        throw Changes("an optimiser's iteration");

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) =>
        NoteElementwise(d => d.PgdStep(step, At(x), At(gradient), At(origin), At(y)), x, y, gradient, origin);

    public void Dispose()
    {
    }

    /// <summary>The memory that a buffer stands for during a replay.</summary>
    private static DeviceBuffer At(DeviceBuffer buffer) => buffer is CapturedBuffer captured
        ? captured.Memory ?? throw new InvalidOperationException("a captured buffer has no memory outside of a replay")
        : buffer;

    private static BatchNormGradientInputs At(BatchNormGradientInputs inputs) => new(
        At(inputs.X), At(inputs.Gamma), At(inputs.OutputCotangent), At(inputs.Mean), At(inputs.ReciprocalDeviation), At(inputs.Beta));

    private static DeviceBuffer[] Buffers(BatchNormGradientInputs inputs) =>
        [inputs.X, inputs.Gamma, inputs.OutputCotangent, inputs.Mean, inputs.ReciprocalDeviation, inputs.Beta];

    private static InvalidOperationException HasNoValues() =>
        new("there are no values to read while calls are captured: make the tensor an output, and read it after a run");

    private static InvalidOperationException Changes(string what) =>
        new($"{what} would be the same at each replay: make this call between the replays");

    /// <summary>The same for a call whose y may be x: the one takes the other's memory where nothing uses x afterwards.</summary>
    private void NoteElementwise(Action<IDevice> call, DeviceBuffer x, DeviceBuffer y, params ReadOnlySpan<DeviceBuffer> others)
    {
        if (x is CapturedBuffer source && y is CapturedBuffer { FirstCall: < 0 } result && x != y && x.Length == y.Length)
        {
            result.Predecessor = source;
        }
        Note(call, [x, y, .. others]);
    }

    /// <param name="call">The call, on the device that it is given.</param>
    /// <param name="buffers">All that take part in it.</param>
    private void Note(Action<IDevice> call, params ReadOnlySpan<DeviceBuffer> buffers)
    {
        foreach (DeviceBuffer buffer in buffers)
        {
            if (buffer is CapturedBuffer captured && captured.UsedBy(_calls.Count))
            {
                _used.Add(captured);
            }
        }
        _calls.Add(call);
    }
}
