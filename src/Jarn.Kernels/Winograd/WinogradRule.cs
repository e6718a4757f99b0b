namespace Jarn.Kernels;

/// <summary>Which convolutions, and gradients, the CPU device computes by Winograd's algorithm.</summary>
/// <remarks>
/// Measured on two Zen 3 cores against direct convolution, both directions, single runs of seven rounds. 3×3 of 16 to 640 channels on 8×8
/// to 32×32 in batches of 32 and 64: mostly 1.6 to 3.0 times as fast, 1.4 to 2.9 times with a filter that is used once. 4×4 with
/// stride 2, 64 → 128 channels on 14×14: 1.2 to 1.6 times. The limits below were found before the transforms' last speed-up, so that they
/// err towards direct convolution. Three things decide:
/// <list type="bullet">
/// <item>Channels: 16 → 16 still gains 1.12 to 1.17 over the kernel that slides (nine alternating rounds); 3 → 32 gains nothing in the input
/// gradient, since the transforms have no products to go with.</item>
/// <item>Products: direct convolution leaves out the taps that meet padding, Winograd computes whole tiles. At 52 % of the products
/// (3×3 on 9×9) it gains 1.4, at 59 % (4×4 on 14×14) 1.2 or more; it loses at 73 % (3×3 on 3×3), 85 % (5×5) and 100 % (the input
/// gradient of 4×4 on 16×16).</item>
/// <item>Tiles: they must repay the filter's transform. 3×3 with 32 tiles and a filter used once loses a third, 4×4 with 64 tiles a
/// tenth.</item>
/// </list>
/// The filter gradient, medians of three to five alternating rounds: 3×3 of 64 to 640 channels on 8×8 to 32×32 in batches of 32 and 64 is 1.5 to
/// 3.6 times as fast, 32 channels 1.2 to 2.7 times, 4×4 with stride 2 and 64 → 128 channels 1.6 times. It transforms both factors of every tile, at
/// each frequency C + K numbers for C·K products: 16 → 32 channels (11 products a number) gain 1.7, 16 → 16 (8) between 0.8 and 1.5, 8 → 32 (6) lose.
/// There is no filter to transform first: 64 tiles gain 1.4 or more, 32 tiles between 0.9 and 2.8, 16 tiles at most 1.1. Padding tells as above: at
/// 52 % of the products (9×9) 1.9, at 85 % (5×5) nothing, 3×3 on 3×3 loses.
/// </remarks>
internal static class WinogradRule
{
    private const int LeastChannels = 16, LeastTiles = 128, LeastTilesOfFilterGradient = 64;
    private const double WorthwhileProducts = 0.6, WorthwhileProductsPerNumber = 10;

    public static bool Applies(WinogradUse use, ConvolutionGeometry g, bool backward, int outputs, int taps) =>
        WinogradPlan.Exists(g, taps) && use switch
        {
            WinogradUse.Never => false,
            WinogradUse.WhereverPossible => true,
            _ => IsFaster(g, WinogradPlan.For(g, backward, outputs, taps).Tiles, LeastTiles, outputs, taps),
        };

    public static bool AppliesToFilterGradient(WinogradUse use, ConvolutionGeometry g, int outputs, int taps) =>
        WinogradPlan.Exists(g, taps) && use switch
        {
            WinogradUse.Never => false,
            WinogradUse.WhereverPossible => true,
            _ => g.InputChannels * g.OutputChannels >= WorthwhileProductsPerNumber * (g.InputChannels + g.OutputChannels)
                && IsFaster(g, WinogradPlan.For(g, backward: false, outputs, taps).Tiles, LeastTilesOfFilterGradient, outputs, taps),
        };

    private static bool IsFaster(ConvolutionGeometry g, int tiles, int leastTiles, int outputs, int taps)
    {
        if (tiles < leastTiles || Math.Min(g.InputChannels, g.OutputChannels) < LeastChannels)
        {
            return false;
        }
        double occupancy = TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight).Occupancy()
            * TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth).Occupancy();
        double direct = (double)g.Batch * g.OutputHeight * g.OutputWidth * g.KernelHeight * g.KernelWidth * occupancy;
        int size = outputs + taps - 1;
        return (double)tiles * size * size * g.StrideHeight * g.StrideWidth <= WorthwhileProducts * direct;
    }
}

internal enum WinogradUse
{
    Never,

    /// <summary>Where <see cref="WinogradRule"/> has measured that it pays.</summary>
    WhereFaster,

    /// <summary>For tests: the rule keeps small shapes away.</summary>
    WhereverPossible,
}
