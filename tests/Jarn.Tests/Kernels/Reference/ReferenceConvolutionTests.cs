using Jarn.Kernels;
using static Jarn.Tests.Kernels.Reference.Adjoints;

namespace Jarn.Tests.Kernels.Reference;

public sealed class ReferenceConvolutionTests
{
    private static readonly ConvolutionGeometry[] Cases =
    [
        ConvolutionGeometry.Same(new Shape(2, 5, 4, 3), new Shape(3, 3, 3, 2), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 28, 28, 1), new Shape(5, 5, 1, 3), stride: 5),
        ConvolutionGeometry.Same(new Shape(2, 6, 6, 2), new Shape(4, 4, 2, 3), stride: 2),
        new(2, 6, 7, 3, 2, 2, 3, 2, 1, 0, 3, 1, 0),
        new(1, 2, 2, 2, 2, 5, 5, 1, 2, 4, 3, 3, 5),
    ];

    /// <summary>⟨C(x, w), g⟩ = ⟨x, I(g, w)⟩ = ⟨w, W(x, g)⟩: one trilinear form, three kernels.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Its_kernels_are_adjoint(ConvolutionGeometry geometry)
    {
        double[] x = Normal(geometry.InputLength, seed: 1), w = Normal(geometry.FilterLength, seed: 2), g = Normal(geometry.OutputLength, seed: 3);
        double form = Inner(Run(geometry.OutputLength, (d, i, o) => d.Convolution(i[0], i[1], geometry, o[0]), x, w), g);
        double[] xBar = Run(geometry.InputLength, (d, i, o) => d.ConvolutionInputGradient(i[0], i[1], geometry, o[0]), g, w);
        double[] wBar = Run(geometry.FilterLength, (d, i, o) => d.ConvolutionFilterGradient(i[0], i[1], geometry, o[0]), x, g);
        Assert.Multiple(() =>
        {
            Assert.That(Inner(x, xBar), Is.EqualTo(form).Within(1e-11));
            Assert.That(Inner(w, wBar), Is.EqualTo(form).Within(1e-11));
        });
    }

    /// <summary>
    /// The image 1 2 3 / 4 5 6 / 7 8 9, the kernel 1 10 / 100 1000, stride 2, one row of padding above and one column behind: windows
    /// (0 0 / 1 2), (0 0 / 3 0), (4 5 / 7 8), (6 0 / 9 0).
    /// </summary>
    [Test]
    public void One_channel_by_hand()
    {
        ConvolutionGeometry geometry = new(1, 3, 3, 1, 1, 2, 2, 2, 2, 1, 0, 0, 1);
        double[] y = Run(4, (d, i, o) => d.Convolution(i[0], i[1], geometry, o[0]), [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 10, 100, 1000]);
        Assert.That(y, Is.EqualTo(new double[] { 2100, 300, 8754, 906 }));
    }

    /// <summary>Two channels in, two out, 1×2 pixels, kernel 1×2 [t, c, k] = 1 2, 3 4 / 5 6, 7 8; pixels (1, 10) and (100, 1000).</summary>
    [Test]
    public void Channels_by_hand()
    {
        ConvolutionGeometry geometry = new(1, 1, 2, 2, 2, 1, 2, 1, 1, 0, 0, 0, 0);
        double[] y = Run(2, (d, i, o) => d.Convolution(i[0], i[1], geometry, o[0]), [1, 10, 100, 1000], [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.That(y, Is.EqualTo(new double[] { 1 + 30 + 500 + 7000, 2 + 40 + 600 + 8000 }));
    }

    /// <summary>TensorFlow's SAME: ⌈in/stride⌉ outputs, max(0, (outputs−1)·stride + kernel − in) of padding, the odd one behind.</summary>
    [TestCase(28, 5, 5, 6, 1, 1)]
    [TestCase(6, 5, 5, 2, 2, 2)]
    [TestCase(2, 5, 5, 1, 1, 2)]
    [TestCase(28, 4, 2, 14, 1, 1)]
    [TestCase(14, 4, 2, 7, 1, 1)]
    [TestCase(7, 4, 2, 4, 1, 2)]
    [TestCase(32, 3, 1, 32, 1, 1)]
    [TestCase(32, 3, 2, 16, 0, 1)]
    [TestCase(33, 3, 2, 17, 1, 1)]
    [TestCase(5, 4, 1, 5, 1, 2)]
    [TestCase(9, 1, 1, 9, 0, 0)]
    [TestCase(9, 1, 3, 3, 0, 0)]
    [TestCase(10, 2, 5, 2, 0, 0)]
    public void Same_padding_is_TensorFlows(int extent, int kernel, int stride, int outputs, int before, int after)
    {
        ConvolutionGeometry down = ConvolutionGeometry.Same(new Shape(1, extent, 8, 1), new Shape(kernel, 1, 1, 1), stride);
        ConvolutionGeometry across = ConvolutionGeometry.Same(new Shape(1, 8, extent, 1), new Shape(1, kernel, 1, 1), stride);
        Assert.Multiple(() =>
        {
            Assert.That((down.OutputHeight, down.PadTop, down.PadBottom), Is.EqualTo((outputs, before, after)));
            Assert.That((across.OutputWidth, across.PadLeft, across.PadRight), Is.EqualTo((outputs, before, after)));
        });
    }
}
