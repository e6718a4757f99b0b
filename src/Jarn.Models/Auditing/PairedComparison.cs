namespace Jarn.Models;

/// <summary>Two measurements of the same images, set against each other image by image (McNemar 1947).</summary>
/// <param name="OnlyFirst">Images classified correctly only under the first.</param>
/// <param name="OnlySecond">Images classified correctly only under the second.</param>
/// <param name="Total">All images.</param>
public readonly record struct PairedComparison(int OnlyFirst, int OnlySecond, int Total)
{
    /// <summary>
    /// The normal distribution's quantile of a one-sided 1 %: eight checks together are wrong about once in a dozen audits at the most.
    /// </summary>
    private const double Quantile = 2.3263;

    /// <summary>By how many points (per cent of all images) the second leaves more than the first.</summary>
    public double Excess => 100.0 * (OnlySecond - OnlyFirst) / Total;

    /// <summary>Whether it leaves more than chance explains, and by a point at least.</summary>
    public bool SecondLeavesMore => Excess >= 1 && OnlySecond - OnlyFirst > Quantile * Math.Sqrt(OnlyFirst + OnlySecond);

    /// <summary>Compares two attacks on the same images.</summary>
    public static PairedComparison Of(AttackResult first, AttackResult second) => Of(first.Robust, second.Robust);

    public static PairedComparison Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        (int onlyFirst, int onlySecond) = (0, 0);
        for (int i = 0; i < first.Length; i++)
        {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }
        return new PairedComparison(onlyFirst, onlySecond, first.Length);
    }
}
