using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>
/// The GPU's kernels with barriers, on ILGPU's emulator and in the PTX interpreter: few shapes, chosen for the branches of these kernels. A real GPU
/// runs all, and so does the interpreter where time doesn't matter.
/// </summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.SlowFixtures))]
public sealed class EmulatorTests(TestDevice device) : BufferCountingFixture(device)
{
    private static ConvolutionGeometry[] Convolutions =>
    [
        ConvolutionGeometry.Same(new Shape(1, 6, 5, 3), new Shape(3, 3, 3, 4), stride: 1),
        // Sixteen bytes at a time, and several narrow tiles of pixels and of filters, none full.
        ConvolutionGeometry.Same(new Shape(1, 12, 11, 4), new Shape(3, 3, 4, 36), stride: 1),
        // Residue classes of every kind: with many taps, with one, with none; asymmetric padding.
        ConvolutionGeometry.Same(new Shape(2, 7, 8, 3), new Shape(4, 4, 3, 5), stride: 2),
        ConvolutionGeometry.Same(new Shape(1, 7, 6, 4), new Shape(3, 3, 4, 8), stride: 2),
        new ConvolutionGeometry(1, 11, 9, 2, 3, KernelHeight: 1, KernelWidth: 3, StrideHeight: 3, StrideWidth: 2, 0, 1, 2, 0),
        // One pixel, which no tap reaches.
        new ConvolutionGeometry(1, 1, 1, 2, 2, KernelHeight: 1, KernelWidth: 1, StrideHeight: 2, StrideWidth: 2, 1, 0, 1, 0),
    ];

    /// <summary>
    /// Each kernel on whole tiles and on parts, with an odd and an even number of steps; half a step where four terms or fewer remain.
    /// </summary>
    private static MatMulGeometry[] Products =>
    [
        new(1, 1, 1),
        new(9, 31, 33, TransposeA: true),
        new(65, 10, 21, TransposeB: true),
        new(129, 12, 12, TransposeA: true, TransposeB: true),
        new(128, 128, 8),
        new(64, 160, 20),
        new(64, 160, 4, TransposeA: true, TransposeB: true),
        new(68, 64, 8, TransposeA: true),
    ];

    private static RowGeometry[] Rows => [new(1, 1), new(7, 10), new(2, 100)];

    [TestCaseSource(nameof(Convolutions))]
    public void Convolution_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, ConvolutionTests.ForwardOf(g), Tolerance.Sum(g.KernelHeight * g.KernelWidth * g.InputChannels));

    [TestCaseSource(nameof(Convolutions))]
    public void Its_input_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, ConvolutionTests.InputGradientOf(g), Tolerance.Sum(g.KernelHeight * g.KernelWidth * g.OutputChannels));

    [TestCaseSource(nameof(Convolutions))]
    public void Its_filter_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, ConvolutionTests.FilterGradientOf(g), Tolerance.Sum(g.Batch * g.OutputHeight * g.OutputWidth));

    [TestCaseSource(nameof(Products))]
    public void MatMul_agrees_with_the_reference(MatMulGeometry g) =>
        Conformance.Check(Device, MatMulTests.MatMulOf(g), Tolerance.Sum(g.Inner));

    [TestCaseSource(nameof(Rows))]
    public void Softmax_and_cross_entropy_agree_with_the_reference(RowGeometry g)
    {
        new SoftmaxTests(Device).CheckAll(g);
        new CrossEntropyTests(Device).CheckAll(g);
    }

    [TestCaseSource(nameof(Rows))]
    public void CenterAndNormalize_agrees_with_the_reference(RowGeometry g) => new NormalizeTests(Device).CheckAll(g);

    [Test]
    public void A_captured_function_has_the_bits_of_its_tape()
    {
        IDevice device = Device.First;
        using Tensor x = Tensor.From(device, Convolutions[0].InputShape, Sample.Normal(Convolutions[0].InputLength, seed: 1));
        using Tensor w = Tensor.From(device, Convolutions[0].FilterShape, Sample.Normal(Convolutions[0].FilterLength, seed: 2));
        Tensor[] Gradient(Tape tape, IReadOnlyList<Tensor> inputs) =>
            tape.Gradient(tape.Sum(tape.Square(tape.Convolution(inputs[0], w, Convolutions[0]))), [inputs[0], w], differentiable: false);
        CapturedFunction<CapturedTensors> function = new(device, (tape, inputs) => new CapturedTensors(Gradient(tape, inputs)));
        using Tape tape = new(device);
        float[][] expected = [.. Gradient(tape, [x]).Select(tensor => tensor.ToArray())];
        function.Run(x);
        Assert.That(function.Run(x).Values.Select(tensor => tensor.ToArray()), Is.EqualTo(expected));
        function.Release();
    }

    [Test]
    public void Buffers_that_cannot_be_right_are_refused()
    {
        ConvolutionGeometry convolution = Convolutions[0];
        Conformance.CheckRefusals(Device, ConvolutionTests.ForwardOf(convolution));
        Conformance.CheckRefusals(Device, ConvolutionTests.InputGradientOf(convolution));
        Conformance.CheckRefusals(Device, ConvolutionTests.FilterGradientOf(convolution));
        Conformance.CheckRefusals(Device, MatMulTests.MatMulOf(new MatMulGeometry(2, 3, 5)));
        new SoftmaxTests(Device).Buffers_that_cannot_be_right_are_refused();
        new CrossEntropyTests(Device).Buffers_that_cannot_be_right_are_refused();
        new NormalizeTests(Device).Buffers_that_cannot_be_right_are_refused();
    }
}
