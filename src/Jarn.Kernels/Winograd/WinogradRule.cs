namespace Jarn.Kernels;

/// <summary>Which convolutions, and input gradients, the CPU device computes by Winograd's algorithm.</summary>
/// <remarks>
/// Measured on two Zen 3 cores, 16 to 640 channels, maps of 8×8 to 32×32, batch 32 and 64, both directions: 1.5 to 2.9 times as fast as direct
/// convolution, from 1.5 with a filter that is used once; the more channels, the more. Three things decide:
/// <list type="bullet">
/// <item>Channels: 16 → 16 gains 1.6, 16 → 160 1.4, 3 → 32 between 1.0 and 1.4, since the transforms' work has no products to go with.</item>
/// <item>Products: direct convolution leaves out the taps that meet padding, Winograd computes whole tiles. At 9×9 (52 % of the products) it gains 1.4, at 3×3 (73 %) and
/// 5×5 (85 %) it loses.</item>
/// <item>Tiles: the filter's transform takes as long as the products of some 50 tiles. A filter used once gains 1.3 with 64 tiles and loses a third with 32.</item>
/// </list>
/// </remarks>
internal static class WinogradRule
{
    private const int LeastChannels = 16, LeastTiles = 64;
    private const double WorthwhileProducts = 0.6;

    public static bool Applies(WinogradUse use, ConvGeometry g, bool backward, int outputs, int taps) => WinogradPlan.Exists(g, taps) && use switch
    {
        WinogradUse.Never => false,
        WinogradUse.WhereverPossible => true,
        _ => IsFaster(g, backward, outputs, taps),
    };

    private static bool IsFaster(ConvGeometry g, bool backward, int outputs, int taps)
    {
        int tiles = WinogradPlan.For(g, backward, outputs, taps).Tiles;
        if (tiles < LeastTiles || Math.Min(g.InputChannels, g.OutputChannels) < LeastChannels)
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
