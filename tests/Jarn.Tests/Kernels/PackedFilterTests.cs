using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>The CPU device keeps a filter as its kernels want it until the filter changes, whatever changes it.</summary>
public sealed class PackedFilterTests
{
    private const int Extent = 6, Length = Extent * Extent;

    private static readonly ConvolutionGeometry Geometry = ConvolutionGeometry.Same(new Shape(2, 5, 5, 3), new Shape(2, 2, 3, 3), stride: 1);

    private delegate void Writer(CpuDevice device, DeviceBuffer filter, DeviceBuffer other, DeviceBuffer row, DeviceBuffer spare);

    /// <summary>Every way to write to a buffer; other holds as many numbers as the filter, row <see cref="Extent"/>.</summary>
    private static IEnumerable<TestCaseData> Writers()
    {
        AxisGeometry repeat = new(1, Extent, Extent), sum = new(Length, 1, 1);
        WindowGeometry window = new(1, Length, 1, 0, Length);
        RowGeometry rows = new(Extent, Extent), column = new(Length, 1);
        BatchNormGeometry norm = new(Extent, Extent, 1e-5);
        PoolGeometry pool = new(1, Extent, Extent, 1, 1);
        ConvolutionGeometry one = ConvolutionGeometry.Same(new Shape(1, Extent, Extent, 1), new Shape(1, 1, 1, 1), stride: 1);
        ConvolutionGeometry filterWide = ConvolutionGeometry.Same(new Shape(1, Extent, 1, Extent), new Shape(1, 1, Extent, Extent), stride: 1);
        NormalizeGeometry normalize = new(Extent, Extent, 1e-6);
        BatchNormGradientInputs Inputs(DeviceBuffer x, DeviceBuffer row) => new(x, row, x, row, row, row);
        return
        [
            Case("upload", (d, f, _, _, _) => d.Upload(Sample.Normal(Length, seed: 9).AsSpan(), f)),
            Case("upload of doubles", (d, f, _, _, _) => d.Upload([.. Sample.Normal(Length, seed: 9).Select(value => (double)value)], f)),
            Case("fill", (d, f, _, _, _) => d.Fill(2, f)),
            Case("map", (d, f, _, _, _) => d.Map(new HyperbolicTangent(), f, f)),
            Case("zip", (d, f, o, _, _) => d.Zip(new Multiply(), f, o, sum, f)),
            Case("sum", (d, f, o, _, _) => d.Sum(o, sum, f)),
            Case("broadcast", (d, f, _, r, _) => d.Broadcast(r, repeat, f)),
            Case("slice", (d, f, o, _, _) => d.Slice(o, window, f)),
            Case("place", (d, f, o, _, _) => d.Place(o, window, f)),
            Case("matrix product", (d, f, o, _, _) => d.MatMul(o, o, new MatMulGeometry(Extent, Extent, Extent), f)),
            Case("matrix times vector", (d, f, o, r, _) => d.MatMul(o, r, new MatMulGeometry(Length, 1, 1), f), ofOneElement: true),
            Case("convolution", (d, f, o, r, _) => d.Convolution(o, r, one, f), ofOneElement: true),
            Case("input gradient", (d, f, o, r, _) => d.ConvolutionInputGradient(o, r, one, f), ofOneElement: true),
            Case("filter gradient", (d, f, o, _, _) => d.ConvolutionFilterGradient(o, o, filterWide, f)),
            Case("batch norm", (d, f, o, r, s) => d.BatchNorm(o, r, r, norm, f, s, s)),
            Case("batch norm's gradient", (d, f, o, r, s) => d.BatchNormGradient(Inputs(o, r), norm, f, s, s)),
            Case("batch norm's second gradient, x", (d, f, o, r, s) => Second(d, o, r, f, s, o)),
            Case("batch norm's second gradient, cotangent", (d, f, o, r, s) => Second(d, o, r, o, s, f)),
            Case("pool", (d, f, o, _, _) => d.AveragePool(o, pool, f)),
            Case("unpool", (d, f, o, _, _) => d.AverageUnpool(o, pool, f)),
            Case("softmax", (d, f, o, _, _) => d.Softmax(o, rows, f)),
            Case("softmax's gradient", (d, f, o, _, _) => d.SoftmaxGradient(o, o, rows, f)),
            Case("cross-entropy", (d, f, o, _, _) => d.CrossEntropy(o, o, column, f)),
            Case("cross-entropy's gradient", (d, f, o, r, _) => d.CrossEntropyGradient(o, o, r, rows, f)),
            Case("centred and normalised", (d, f, o, _, s) => d.CenterAndNormalize(o, normalize, f, s)),
            Case("reciprocal norm", (d, f, o, _, _) => d.CenterAndNormalize(o, new NormalizeGeometry(Length, 1, 1e-6), o, f)),
            Case("centred and normalised, its gradient", (d, f, o, r, _) => d.CenterAndNormalizeGradient(o, r, o, normalize, f)),
            Case("uniform numbers", (d, f, _, _, _) => d.RandomUniform(new RandomKey(1, 2), 0, 1, f)),
            Case("normal numbers", (d, f, _, _, _) => d.RandomNormal(new RandomKey(1, 2), 0, 1, f)),
            Case("gradient descent", (d, f, o, _, _) => d.SgdMomentum(new SgdMomentumStep(0.1, 0.9, 0), o, f, o)),
            Case("gradient descent's velocity", (d, f, o, _, _) => d.SgdMomentum(new SgdMomentumStep(0.1, 0.5, 0), o, o, f)),
            Case("Adam", (d, f, o, _, _) => d.Adam(new AdamStep(0.1, 1), o, f, o, o)),
            Case("Adam's first moment", (d, f, o, _, _) => d.Adam(new AdamStep(0.1, 1), o, o, f, o)),
            Case("Adam's second moment", (d, f, o, _, _) => d.Adam(new AdamStep(0.1, 1), o, o, o, f)),
            Case("projected step", (d, f, o, _, _) => d.PgdStep(new PgdStep(0.1, 0.3), o, o, o, f)),
        ];

        void Second(CpuDevice d, DeviceBuffer x, DeviceBuffer row, DeviceBuffer xOut, DeviceBuffer rowOut, DeviceBuffer cotangentOut) =>
            d.BatchNormGradientGradient(Inputs(x, row), new BatchNormSecondCotangents(x, row, row), norm, xOut, rowOut, cotangentOut);

        TestCaseData Case(string name, Writer write, bool ofOneElement = false) => new TestCaseData(write, ofOneElement).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Writers))]
    public void A_changed_filter_is_packed_anew(object writer, bool ofOneElement)
    {
        using CpuDevice device = new(threads: 1);
        using DeviceBuffer filter = Uploaded(device, Length, seed: 1), other = Uploaded(device, Length, seed: 2);
        using DeviceBuffer row = Uploaded(device, ofOneElement ? 1 : Extent, seed: 3), spare = device.Allocate(Extent);
        (float[] beforeForward, float[] beforeGradient) = Convolve(device, filter);

        ((Writer)writer)(device, filter, other, row, spare);

        float[] changed = new float[Length];
        device.Download(filter, changed);
        using CpuDevice fresh = new(threads: 1);
        using DeviceBuffer copy = fresh.Allocate(Length);
        fresh.Upload(changed.AsSpan(), copy);
        (float[] forward, float[] gradient) = Convolve(fresh, copy);
        (float[] keptForward, float[] keptGradient) = Convolve(device, filter);
        Assert.That(keptForward, Is.EqualTo(forward));
        Assert.That(keptGradient, Is.EqualTo(gradient));
        Assert.That(keptForward, Is.Not.EqualTo(beforeForward), "the writer must change something");
        Assert.That(keptGradient, Is.Not.EqualTo(beforeGradient));
    }

    [Test]
    public void A_buffer_lent_again_knows_nothing_of_its_earlier_filter()
    {
        using CpuDevice device = new(threads: 1);
        DeviceBuffer filter = Uploaded(device, Length, seed: 1);
        float[] first = Convolve(device, filter).Forward;
        filter.Dispose();
        using DeviceBuffer again = Uploaded(device, Length, seed: 2);
        Assert.That(again, Is.SameAs(filter));
        Assert.That(Convolve(device, again).Forward, Is.Not.EqualTo(first));
    }

    private static (float[] Forward, float[] Gradient) Convolve(CpuDevice device, DeviceBuffer filter)
    {
        using DeviceBuffer input = Uploaded(device, Geometry.InputLength, seed: 4), output = device.Allocate(Geometry.OutputLength);
        using DeviceBuffer cotangent = Uploaded(device, Geometry.OutputLength, seed: 5), gradient = device.Allocate(Geometry.InputLength);
        device.Convolution(input, filter, Geometry, output);
        device.ConvolutionInputGradient(cotangent, filter, Geometry, gradient);
        float[] forward = new float[output.Length], back = new float[gradient.Length];
        device.Download(output, forward);
        device.Download(gradient, back);
        return (forward, back);
    }

    private static DeviceBuffer Uploaded(CpuDevice device, int length, int seed)
    {
        DeviceBuffer buffer = device.Allocate(length);
        device.Upload(Sample.Normal(length, seed).AsSpan(), buffer);
        return buffer;
    }
}
