using Jarn.Kernels;
using Jarn.Tests.Ptx;

namespace Jarn.Tests.Kernels;

/// <summary>Products and convolutions in TF32, wherever there are tensor cores: always those of the PTX interpreter.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.WithTensorCores))]
public sealed class TensorCoreTests(TestDevice device) : BufferCountingFixture(device)
{
    /// <summary>Tiles that are full and that aren't, of both widths; one step of terms, several, less than one; several splits.</summary>
    private static IEnumerable<MatMulGeometry> Products =>
    [
        .. from shape in new (int Rows, int Columns, int Inner)[] { (16, 16, 4), (132, 64, 36), (20, 132, 20), (136, 100, 68), (16, 20, 528) }
           from transposeA in new[] { false, true }
           from transposeB in new[] { false, true }
           select new MatMulGeometry(shape.Rows, shape.Columns, shape.Inner, transposeA, transposeB),
        // Rows and terms in any number, where memory runs along the others.
        new(20, 36, 33, TransposeA: true), new(67, 16, 20),
    ];

    private static IEnumerable<TestCaseData> Convolutions => new[]
    {
        ConvolutionGeometry.Same(new Shape(1, 5, 4, 16), new Shape(3, 3, 16, 16), stride: 1),
        ConvolutionGeometry.Same(new Shape(2, 9, 8, 20), new Shape(3, 3, 20, 36), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 6, 7, 68), new Shape(1, 1, 68, 100), stride: 1),
        // Residue classes with many taps, with one, with none; asymmetric padding.
        ConvolutionGeometry.Same(new Shape(1, 9, 10, 24), new Shape(4, 4, 24, 16), stride: 2),
        new ConvolutionGeometry(2, 11, 9, 16, 20, KernelHeight: 1, KernelWidth: 3, StrideHeight: 3, StrideWidth: 2, 0, 1, 2, 0),
        // A filter gradient over 600 pixels, in two splits.
        ConvolutionGeometry.Same(new Shape(2, 20, 15, 16), new Shape(1, 1, 16, 16), stride: 1),
    }.Select(geometry => new TestCaseData(geometry).SetArgDisplayNames(Kernels.Convolutions.Name(geometry)));

    [TestCaseSource(nameof(Products))]
    public void MatMul_agrees_with_the_reference(MatMulGeometry g) => Check(MatMulTests.MatMulOf(g), g.Inner);

    [TestCaseSource(nameof(Convolutions))]
    public void Convolution_agrees_with_the_reference(ConvolutionGeometry g) =>
        Check(ConvolutionTests.ForwardOf(g), g.KernelHeight * g.KernelWidth * g.InputChannels);

    [TestCaseSource(nameof(Convolutions))]
    public void Its_input_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Check(ConvolutionTests.InputGradientOf(g), g.KernelHeight * g.KernelWidth * g.OutputChannels);

    [TestCaseSource(nameof(Convolutions))]
    public void Its_filter_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Check(ConvolutionTests.FilterGradientOf(g), g.Batch * g.OutputHeight * g.OutputWidth);

    /// <summary>Integers of up to ten bits need no rounding, nor do sums of up to 24 bits: an element that is missed or taken twice shows.</summary>
    [TestCaseSource(nameof(Products))]
    public void Small_integers_are_exact(MatMulGeometry g)
    {
        Call call = MatMulTests.MatMulOf(g);
        foreach ((int left, int right) in new[] { (1023, 1), (1, 1023) })
        {
            Conformance.Check(
                Device, call with { Inputs = [Integers(g.Rows * g.Inner, left), Integers(g.Inner * g.Columns, right)] }, Tolerance.Exact);
        }
    }

    [TestCaseSource(nameof(Convolutions))]
    public void Convolutions_of_small_integers_are_exact(ConvolutionGeometry g)
    {
        foreach (Call call in new[] { ConvolutionTests.ForwardOf(g), ConvolutionTests.InputGradientOf(g), ConvolutionTests.FilterGradientOf(g) })
        {
            Conformance.Check(
                Device, call with { Inputs = [Integers(call.Inputs[0].Length, 1023), Integers(call.Inputs[1].Length, 1)] }, Tolerance.Exact);
        }
    }

    [Test]
    public void Factors_are_rounded_to_the_nearest()
    {
        float[] ones = [.. Enumerable.Repeat(1f, 256)];
        float half = 1 + MathF.ScaleB(1, -11), up = 1 + MathF.ScaleB(1, -10), below = MathF.BitDecrement(half);
        foreach ((float factor, float rounded) in new[] { (half, up), (below, 1), (-half, -up), (-below, -1) })
        {
            float[] factors = [.. Enumerable.Repeat(factor, 256)];
            Assert.That(Product(factors, ones), Is.All.EqualTo(16 * rounded));
            Assert.That(Product(ones, factors), Is.All.EqualTo(16 * rounded));
        }
    }

    /// <summary>Its payload has all bits: rounding by addition alone would make −0 of it.</summary>
    [Test]
    public void What_is_no_number_stays_none()
    {
        float[] ones = [.. Enumerable.Repeat(1f, 256)];
        foreach (float value in new[] { BitConverter.UInt32BitsToSingle(0x7FFFFFFF), float.NaN, float.PositiveInfinity })
        {
            float[] row = [.. ones];
            row[16 * 3] = value;
            float[] product = Product(row, ones);
            Assert.That(product[(16 * 3)..(16 * 4)], Is.All.EqualTo(float.IsNaN(value) ? float.NaN : value));
            Assert.That(product[..(16 * 3)], Is.All.EqualTo(16f));
        }
    }

    /// <summary>Ten classes, a first layer of three channels, its gradient: what leaves most of a tile empty or isn't in runs of four.</summary>
    [Test]
    public void Products_that_fill_no_tile_are_float32()
    {
        ConvolutionGeometry first = ConvolutionGeometry.Same(new Shape(1, 6, 5, 3), new Shape(3, 3, 3, 16), stride: 1);
        Conformance.Check(Device, MatMulTests.MatMulOf(new MatMulGeometry(32, 10, 64)), Tolerance.Sum(64));
        Conformance.Check(Device, MatMulTests.MatMulOf(new MatMulGeometry(8, 64, 64)), Tolerance.Sum(64));
        Conformance.Check(Device, MatMulTests.MatMulOf(new MatMulGeometry(32, 32, 33)), Tolerance.Sum(33));
        Conformance.Check(Device, ConvolutionTests.ForwardOf(first), Tolerance.Sum(27));
        Conformance.Check(Device, ConvolutionTests.InputGradientOf(first), Tolerance.Sum(144));
        Conformance.Check(Device, ConvolutionTests.FilterGradientOf(first), Tolerance.Sum(30));
    }

    /// <summary>Within TF32's errors, and beyond float32's: else it was none.</summary>
    private void Check(Call call, int terms)
    {
        Conformance.Check(Device, call, Tolerance.TensorCoreSum(terms));
        Assert.That(Conformance.Fault([Device.First], call, Tolerance.Sum(terms)), Does.Contain("elements are wrong"), "not in TF32");
    }

    /// <summary>The product of two 16×16 matrices.</summary>
    private float[] Product(float[] a, float[] b)
    {
        Call call = MatMulTests.MatMulOf(new MatMulGeometry(16, 16, 16)) with { Inputs = [a, b] };
        return Array.ConvertAll(call.On(Device.First).Outputs[0], value => (float)value);
    }

    private static float[] Integers(int length, int most)
    {
        Random random = new(length + most);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-most, most + 1))];
    }
}

/// <summary>Faults of the kernel's text, each of which must come to light.</summary>
public sealed class TensorCoreFaultTests
{
    [TestCase("cp.async.wait_group 1;", "")]
    [TestCase("cp.async.wait_group 1;", "cp.async.wait_group 2;")]
    [TestCase("bar.sync\t0;", "")]
    [TestCase("xor.b32 at1, at0, 32;", "mov.u32 at1, at0;")]
    [TestCase("setp.gt.s32 there1,", "setp.ge.s32 there1,")]
    public void A_fault_is_found(string instruction, string instead)
    {
        bool edited = false;
        using GpuDevice device = PtxLauncher.OpenDevice(Edit, MatMulPrecision.TF32);
        string? fault;
        try
        {
            fault = Conformance.Fault([device], MatMulTests.MatMulOf(new MatMulGeometry(128, 136, 64)), Tolerance.TensorCoreSum(64));
        }
        catch (PtxException exception)
        {
            fault = exception.Message;
        }
        Assert.That(edited, Is.True, "there is no such instruction");
        Assert.That(fault, Is.Not.Null);

        string Edit(string text)
        {
            edited |= text.Contains(instruction, StringComparison.Ordinal);
            return text.Replace(instruction, instead, StringComparison.Ordinal);
        }
    }
}
