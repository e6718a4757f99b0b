using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>The shapes that convolution's three kernels are tested at.</summary>
public static class Convolutions
{
    public static IEnumerable<TestCaseData> Cases =>
        Channels.Concat(FewChannels).Concat(KernelsAndStrides).Concat(Paddings).Concat(Networks).Distinct()
            .Select(geometry => new TestCaseData(geometry).SetArgDisplayNames(Name(geometry)));

    /// <summary>Channel counts at and off the widths of vectors and tiles.</summary>
    private static IEnumerable<ConvolutionGeometry> Channels =>
        from inputs in new[] { 1, 3, 8, 16, 17, 33 }
        from outputs in new[] { 1, 3, 8, 16, 17, 33 }
        select ConvolutionGeometry.Same(new Shape(1, 6, 5, inputs), new Shape(3, 3, inputs, outputs), stride: 1);

    /// <summary>Odd extents, batches that are one block an image or several, runs of a kernel's row that are no whole vectors.</summary>
    private static IEnumerable<ConvolutionGeometry> FewChannels =>
        from inputs in new[] { 1, 2, 15, 48, 49 }
        from stride in new[] { 1, 2, 5 }
        from batch in new[] { 1, 63 }
        where batch * inputs < 200
        select new ConvolutionGeometry(batch, 13, 11, inputs, batch == 1 ? 17 : 2, 4, 3, stride, stride, 2, 0, 1, 1);

    private static IEnumerable<ConvolutionGeometry> KernelsAndStrides =>
        from kernel in new (int Height, int Width)[] { (1, 1), (3, 3), (4, 4), (5, 5), (2, 3) }
        from stride in new (int Height, int Width)[] { (1, 1), (2, 2), (5, 5), (1, 2), (3, 1) }
        from batch in new[] { 1, 3 }
        let pad = (Top: (kernel.Height - 1) / 2, Bottom: kernel.Height / 2, Left: (kernel.Width - 1) / 2, Right: kernel.Width / 2)
        let padded = batch == 3
        select new ConvolutionGeometry(batch, 11, 9, 3, 8, kernel.Height, kernel.Width, stride.Height, stride.Width,
            padded ? pad.Top : 0, padded ? pad.Bottom : 0, padded ? pad.Left : 0, padded ? pad.Right : 0);

    /// <summary>Padding on one side only, wider than the kernel (outputs that see nothing but padding), and images smaller than the kernel.</summary>
    private static IEnumerable<ConvolutionGeometry> Paddings =>
        from channels in new (int In, int Out)[] { (1, 8), (3, 16), (16, 33) }
        from geometry in new ConvolutionGeometry[]
        {
            new(2, 7, 6, channels.In, channels.Out, 3, 3, 1, 1, 0, 2, 1, 0),
            new(2, 7, 6, channels.In, channels.Out, 3, 3, 1, 1, 4, 0, 0, 5),
            new(1, 4, 9, channels.In, channels.Out, 2, 3, 2, 1, 3, 3, 3, 3),
            new(3, 2, 2, channels.In, channels.Out, 5, 5, 5, 5, 1, 2, 1, 2),
            new(1, 1, 1, channels.In, channels.Out, 4, 4, 1, 1, 3, 3, 3, 3),
            new(2, 10, 7, channels.In, channels.Out, 5, 5, 3, 2, 0, 1, 6, 0),
        }
        select geometry;

    /// <summary>The paper's networks at small batch, and wide 3×3 layers on maps that no tile divides.</summary>
    private static IEnumerable<ConvolutionGeometry> Networks =>
    [
        ConvolutionGeometry.Same(new Shape(3, 28, 28, 1), new Shape(5, 5, 1, 64), stride: 5),
        ConvolutionGeometry.Same(new Shape(3, 6, 6, 64), new Shape(5, 5, 64, 128), stride: 5),
        ConvolutionGeometry.Same(new Shape(3, 2, 2, 128), new Shape(5, 5, 128, 256), stride: 5),
        ConvolutionGeometry.Same(new Shape(2, 28, 28, 1), new Shape(4, 4, 1, 64), stride: 2),
        ConvolutionGeometry.Same(new Shape(1, 14, 14, 64), new Shape(4, 4, 64, 128), stride: 2),
        ConvolutionGeometry.Same(new Shape(3, 28, 28, 1), new Shape(1, 1, 1, 1), stride: 1),
        ConvolutionGeometry.Same(new Shape(3, 16, 16, 3), new Shape(1, 1, 3, 3), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 32, 32, 3), new Shape(3, 3, 3, 16), stride: 1),
        ConvolutionGeometry.Same(new Shape(2, 32, 32, 16), new Shape(3, 3, 16, 16), stride: 1),
        ConvolutionGeometry.Same(new Shape(2, 16, 16, 16), new Shape(3, 3, 16, 32), stride: 2),
        ConvolutionGeometry.Same(new Shape(9, 8, 8, 16), new Shape(3, 3, 16, 16), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 8, 8, 64), new Shape(3, 3, 64, 64), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 7, 9, 65), new Shape(3, 3, 65, 66), stride: 1),
        ConvolutionGeometry.Same(new Shape(2, 5, 6, 96), new Shape(3, 3, 96, 80), stride: 1),
        ConvolutionGeometry.Same(new Shape(1, 4, 4, 160), new Shape(3, 3, 160, 160), stride: 1),
    ];

    public static string Name(ConvolutionGeometry g) =>
        $"{g.Batch}×{g.InputHeight}×{g.InputWidth}×{g.InputChannels} to {g.OutputChannels}, kernel {g.KernelHeight}×{g.KernelWidth}, "
        + $"stride {g.StrideHeight}×{g.StrideWidth}, padding {g.PadTop} {g.PadBottom} {g.PadLeft} {g.PadRight}";
}
