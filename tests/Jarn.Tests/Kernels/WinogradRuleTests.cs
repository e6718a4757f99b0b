using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Where Winograd's algorithm is used, and that it can be switched off.</summary>
public sealed class WinogradRuleTests
{
    [Test]
    public void The_matrices_compute_a_correlation()
    {
        foreach (WinogradReference filtering in new[] { WinogradReference.FourByThree, WinogradReference.FourByTwo })
        {
            for (int output = 0; output < filtering.Outputs; output++)
            {
                for (int tap = 0; tap < filtering.Taps; tap++)
                {
                    for (int input = 0; input < filtering.Size; input++)
                    {
                        Assert.That(
                            filtering.Coefficient(output, tap, input), Is.EqualTo(input == output + tap ? 1 : 0).Within(1e-6),
                            $"F({filtering.Outputs}, {filtering.Taps}): output {output}, tap {tap}, input {input}");
                    }
                }
            }
        }
    }

    [TestCase(32, 8, 64, 64, 3, 1, true)]
    [TestCase(32, 32, 160, 160, 3, 1, true)]
    [TestCase(2, 32, 160, 160, 3, 1, true, Description = "128 tiles")]
    [TestCase(2, 28, 160, 160, 3, 1, false, Description = "98 tiles")]
    [TestCase(128, 14, 64, 128, 4, 2, true)]
    [TestCase(64, 14, 64, 128, 4, 2, true)]
    [TestCase(64, 4, 256, 512, 4, 2, false, Description = "ragged tiles")]
    [TestCase(32, 8, 15, 64, 3, 1, false, Description = "few channels")]
    [TestCase(64, 5, 64, 64, 3, 1, false, Description = "ragged tiles")]
    [TestCase(64, 9, 64, 64, 3, 1, true)]
    [TestCase(32, 32, 64, 64, 3, 2, false, Description = "no such algorithm")]
    [TestCase(32, 32, 64, 64, 5, 1, false, Description = "no such algorithm")]
    [TestCase(32, 32, 64, 64, 1, 1, false, Description = "no such algorithm")]
    public void The_rule(int batch, int extent, int inputs, int outputs, int kernel, int stride, bool applies)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Same(
            new Shape(batch, extent, extent, inputs), new Shape(kernel, kernel, inputs, outputs), stride);
        WinogradReference filtering = WinogradReference.Of(g);
        foreach (bool backward in new[] { false, true })
        {
            Assert.That(WinogradRule.Applies(WinogradUse.WhereFaster, g, backward, filtering.Outputs, filtering.Taps), Is.EqualTo(applies));
            Assert.That(WinogradRule.Applies(WinogradUse.Never, g, backward, filtering.Outputs, filtering.Taps), Is.False);
        }
    }

    [TestCase(32, 32, 160, 160, 3, 1, true)]
    [TestCase(16, 8, 64, 64, 3, 1, true, Description = "64 tiles")]
    [TestCase(15, 8, 64, 64, 3, 1, false, Description = "60 tiles")]
    [TestCase(64, 32, 16, 32, 3, 1, true)]
    [TestCase(64, 32, 16, 16, 3, 1, false, Description = "few products for the transforms")]
    [TestCase(64, 32, 15, 160, 3, 1, false, Description = "few channels")]
    [TestCase(16, 14, 64, 128, 4, 2, true)]
    [TestCase(64, 5, 64, 64, 3, 1, false, Description = "ragged tiles")]
    [TestCase(32, 32, 64, 64, 3, 2, false, Description = "no such algorithm")]
    public void The_rule_of_the_filter_gradient(int batch, int extent, int inputs, int outputs, int kernel, int stride, bool applies)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Same(
            new Shape(batch, extent, extent, inputs), new Shape(kernel, kernel, inputs, outputs), stride);
        WinogradReference filtering = WinogradReference.Of(g);
        Assert.That(WinogradRule.AppliesToFilterGradient(WinogradUse.WhereFaster, g, filtering.Outputs, filtering.Taps), Is.EqualTo(applies));
        Assert.That(WinogradRule.AppliesToFilterGradient(WinogradUse.Never, g, filtering.Outputs, filtering.Taps), Is.False);
    }

    /// <summary>Direct sums of small whole numbers are exact, and Winograd's transforms round.</summary>
    [Test]
    public void Switched_off_a_filter_gradient_has_the_exact_sums_of_direct_convolution([Values] bool winograd)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Same(new Shape(32, 8, 8, 32), new Shape(3, 3, 32, 32), stride: 1);
        float[] input = Whole(g.InputLength, seed: 1), cotangent = Whole(g.OutputLength, seed: 2);
        using CpuDevice device = new(2, winograd: winograd);
        Call call = new([input, cotangent], [Call.Unwritten(g.FilterLength)], (d, x, y) => d.ConvolutionFilterGradient(x[0], x[1], g, y[0]));
        double[] gradient = call.On(device).Outputs[0], exact = call.OnReference()[0];
        Assert.That(gradient, winograd ? Is.Not.EqualTo(exact) : Is.EqualTo(exact));

        static float[] Whole(int length, int seed) => Array.ConvertAll(Sample.Normal(length, seed), value => MathF.Round(4 * value));
    }

    /// <summary>An image alone has too few tiles for the rule, and goes the direct way in either case.</summary>
    [Test]
    public void Switched_off_a_batch_has_the_bits_of_direct_convolution([Values] bool winograd, [Values] bool backward)
    {
        const int Batch = 32;
        ConvolutionGeometry g = ConvolutionGeometry.Same(new Shape(Batch, 8, 8, 16), new Shape(3, 3, 16, 16), stride: 1), one = g with { Batch = 1 };
        float[] images = Sample.Normal(g.InputLength, seed: 1), filter = Sample.Normal(g.FilterLength, seed: 2);
        float[] together = Convolve(g, images);
        float[] apart = [.. images.Chunk(images.Length / Batch).SelectMany(image => Convolve(one, image))];
        Assert.That(together, winograd ? Is.Not.EqualTo(apart) : Is.EqualTo(apart));

        float[] Convolve(ConvolutionGeometry geometry, float[] source)
        {
            using CpuDevice device = new(2, winograd: winograd);
            Operation call = backward
                ? (d, x, y) => d.ConvolutionInputGradient(x[0], x[1], geometry, y[0])
                : (d, x, y) => d.Convolution(x[0], x[1], geometry, y[0]);
            return Array.ConvertAll(new Call([source, filter], [Call.Unwritten(source.Length)], call).On(device).Outputs[0], value => (float)value);
        }
    }
}
