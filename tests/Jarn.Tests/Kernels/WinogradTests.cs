using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Winograd's convolutions on shapes of every kind, with each set of vectors, whatever the rule would choose.</summary>
[TestFixture(CpuInstructionSet.Avx512)]
[TestFixture(CpuInstructionSet.Avx2)]
[TestFixture(CpuInstructionSet.Portable)]
public sealed class WinogradTests(CpuInstructionSet instructionSet)
{
    private readonly CpuDevice[] _devices =
        [.. new[] { 1, 2, 3 }.Select(threads => new CpuDevice(threads, instructionSet, emulate: true) { Winograd = WinogradUse.WhereverPossible })];

    private static IEnumerable<TestCaseData> Cases => Shapes.Select(g => new TestCaseData(g).SetArgDisplayNames(Convolutions.Name(g)));

    private static IEnumerable<ConvolutionGeometry> Shapes =>
    [
        .. from extent in Enumerable.Range(1, 9) select Same(2, extent, extent, 5, 6, 3),
        Same(1, 30, 30, 17, 3, 3),
        Same(63, 4, 7, 17, 9, 3),
        Same(1, 9, 6, 33, 70, 3),
        // Several groups of panels, and V shared by the threads: few tiles, and many channels.
        Same(1, 5, 6, 16, 150, 3),
        Same(7, 8, 8, 300, 20, 3),
        // More tiles than share V at a time, and than the filter gradient takes at a time: 97 are two chunks of 49 and 48.
        Same(52, 2, 2, 2000, 2, 3),
        Same(97, 4, 4, 200, 20, 3),
        Same(193, 3, 4, 5, 18, 3),
        // Padding: none, on one side only, wider than the kernel.
        new(2, 7, 6, 16, 8, 3, 3, 1, 1, 0, 0, 0, 0),
        new(2, 7, 6, 3, 33, 3, 3, 1, 1, 0, 2, 1, 0),
        new(2, 7, 6, 3, 16, 3, 3, 1, 1, 4, 0, 0, 5),
        new(1, 1, 1, 8, 8, 3, 3, 1, 1, 3, 3, 3, 3),
        .. from extent in Enumerable.Range(1, 9) select Same(2, extent, extent + 1, 5, 6, 4, 2),
        Same(3, 14, 14, 17, 9, 4, 2),
        Same(1, 6, 7, 64, 70, 4, 2),
        new(2, 9, 8, 3, 33, 4, 4, 2, 2, 0, 0, 0, 0),
        new(2, 7, 6, 16, 8, 4, 4, 2, 2, 3, 0, 2, 5),
    ];

    [OneTimeTearDown]
    public void Dispose() => Array.ForEach(_devices, device => device.Dispose());

    [TestCaseSource(nameof(Cases))]
    public void Convolution_is_within_the_bound(ConvolutionGeometry g) =>
        Check(ConvolutionTests.ForwardOf(g), Tolerance.Winograd(g, backward: false));

    [TestCaseSource(nameof(Cases))]
    public void Its_input_gradient_is_within_the_bound(ConvolutionGeometry g) =>
        Check(ConvolutionTests.InputGradientOf(g), Tolerance.Winograd(g, backward: true));

    [TestCaseSource(nameof(Cases))]
    public void Its_filter_gradient_is_within_the_bound(ConvolutionGeometry g) =>
        Check(ConvolutionTests.FilterGradientOf(g), Tolerance.WinogradFilterGradient(g));

    /// <summary>
    /// Relative to float64, in the root mean square. The limit is fitted to what was measured on normal numbers, at most u·5.2·√C with u = 2⁻²⁴, not
    /// derived.
    /// </summary>
    [TestCase(16, 3, 1)]
    [TestCase(160, 3, 1)]
    [TestCase(64, 4, 2)]
    public void Its_error_is_some_units_in_the_last_place(int channels, int kernel, int stride)
    {
        const double UnitsOfOneChannel = 6;
        ConvolutionGeometry g = Same(1, 12, 12, channels, channels, kernel, stride);
        using CpuDevice direct = new(1, instructionSet, emulate: true, winograd: false);
        double bound = UnitsOfOneChannel * direct.Description.UnitRoundoff * Math.Sqrt(channels);
        foreach (Call call in new[] { ConvolutionTests.ForwardOf(g), ConvolutionTests.InputGradientOf(g) })
        {
            double[] exact = call.OnReference()[0];
            double winograd = RelativeError(call.On(_devices[0]).Outputs[0], exact), sums = RelativeError(call.On(direct).Outputs[0], exact);
            TestContext.Out.WriteLine($"{channels} channels, {kernel}×{kernel}: relative error {winograd:e2}, direct {sums:e2}");
            Assert.That(winograd, Is.GreaterThan(sums).And.LessThan(bound));
        }
    }

    /// <summary>The same for the filter gradient, whose sums are over tiles. Fitted to at most u·5.4·√tiles, not derived.</summary>
    [TestCase(1, 3, 1)]
    [TestCase(16, 3, 1)]
    [TestCase(16, 4, 2)]
    public void The_filter_gradients_error_is_some_units_in_the_last_place(int batch, int kernel, int stride)
    {
        const double UnitsOfOneTile = 6;
        ConvolutionGeometry g = Same(batch, 12, 12, 16, 20, kernel, stride);
        WinogradReference filtering = WinogradReference.Of(g);
        int tiles = WinogradPlan.For(g, backward: false, filtering.Outputs, filtering.Taps).Tiles;
        Call call = ConvolutionTests.FilterGradientOf(g);
        double[] exact = call.OnReference()[0];
        double error = RelativeError(call.On(_devices[0]).Outputs[0], exact);
        TestContext.Out.WriteLine($"{tiles} tiles, {kernel}×{kernel}: relative error {error:e2}, "
            + $"in units {error / _devices[0].Description.UnitRoundoff / Math.Sqrt(tiles):f2}·√tiles");
        Assert.That(error, Is.LessThan(UnitsOfOneTile * _devices[0].Description.UnitRoundoff * Math.Sqrt(tiles)));
    }

    [Test]
    public void A_changed_filter_is_transformed_anew()
    {
        ConvolutionGeometry g = Same(2, 5, 6, 20, 20, 3);
        using DeviceBuffer input = Uploaded(_devices[0], g.InputLength, seed: 1), filter = Uploaded(_devices[0], g.FilterLength, seed: 2);
        using DeviceBuffer output = _devices[0].Allocate(g.OutputLength), gradient = _devices[0].Allocate(g.InputLength);
        (float[] Forward, float[] Gradient) first = Both();
        _devices[0].Upload(Sample.Normal(g.FilterLength, seed: 3).AsSpan(), filter);
        Assert.That(Both(), Is.Not.EqualTo(first));
        _devices[0].Upload(Sample.Normal(g.FilterLength, seed: 2).AsSpan(), filter);
        (float[] Forward, float[] Gradient) again = Both();
        Assert.That(again.Forward, Is.EqualTo(first.Forward));
        Assert.That(again.Gradient, Is.EqualTo(first.Gradient));

        (float[] Forward, float[] Gradient) Both()
        {
            _devices[0].Convolution(input, filter, g, output);
            _devices[0].ConvolutionInputGradient(output, filter, g, gradient);
            return (Downloaded(output), Downloaded(gradient));
        }
    }

    [Test]
    public void It_allocates_nothing_once_its_memory_is_there()
    {
        ConvolutionGeometry own = Same(8, 16, 16, 16, 16, 3), shared = Same(1, 5, 6, 16, 150, 3);
        foreach (ConvolutionGeometry g in new[] { own, shared })
        {
            using DeviceBuffer input = Uploaded(_devices[1], g.InputLength, seed: 1), filter = Uploaded(_devices[1], g.FilterLength, seed: 2);
            using DeviceBuffer output = _devices[1].Allocate(g.OutputLength), filterCotangent = _devices[1].Allocate(g.FilterLength);
            Job();
            Assert.That(Allocations.Of(Job), Is.Zero);

            void Job()
            {
                _devices[1].Fill(0.5, filter);
                _devices[1].Convolution(input, filter, g, output);
                _devices[1].ConvolutionInputGradient(output, filter, g, input);
                _devices[1].ConvolutionFilterGradient(input, output, g, filterCotangent);
            }
        }
    }

    private void Check(Call call, Tolerance tolerance)
    {
        if (Conformance.Fault(_devices, call, tolerance) is string fault)
        {
            Assert.Fail(fault);
        }
    }

    private static double RelativeError(double[] actual, double[] exact) =>
        Math.Sqrt(actual.Zip(exact, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(b => b * b));

    private static ConvolutionGeometry Same(int batch, int height, int width, int inputs, int outputs, int kernel, int stride = 1) =>
        ConvolutionGeometry.Same(new Shape(batch, height, width, inputs), new Shape(kernel, kernel, inputs, outputs), stride);

    private static DeviceBuffer Uploaded(CpuDevice device, int length, int seed)
    {
        DeviceBuffer buffer = device.Allocate(length);
        device.Upload(Sample.Normal(length, seed).AsSpan(), buffer);
        return buffer;
    }

    private static float[] Downloaded(DeviceBuffer buffer)
    {
        float[] values = new float[buffer.Length];
        buffer.Device.Download(buffer, values);
        return values;
    }
}
