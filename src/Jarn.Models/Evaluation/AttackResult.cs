namespace Jarn.Models;

/// <summary>The result of measuring a classifier on a set of images.</summary>
/// <param name="Robust">For each image, whether it is classified correctly under every start of the attack.</param>
/// <param name="ZeroGradient">
/// Images whose input gradient was exactly zero at the first step from the first start, in per cent of all; 0 without an attack.
/// </param>
public sealed record AttackResult(bool[] Robust, double ZeroGradient)
{
    private readonly int _survivors = Robust.Count(survives => survives);

    /// <summary>Images still classified rightly, in per cent of all.</summary>
    public double Accuracy => 100.0 * _survivors / Robust.Length;

    /// <summary>The 95 % interval of the accuracy.</summary>
    public Interval Interval => Interval.OfShare(_survivors, Robust.Length);
}
