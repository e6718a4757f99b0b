namespace Jarn.Models;

/// <summary>
/// What attacks ascend, as functions of one image's k logits z and its true class y. Each writes ∂ℓ/∂z and gives back ℓ, computed in double: a
/// softmax that is saturated in float32 has a slope there still.
/// </summary>
public static class LogitLosses
{
    /// <summary>The reference's: where all logits are equal, a ratio of differences of them is 0 and not 0/0.</summary>
    private const double SmallestSpread = 1e-12;

    /// <summary>ℓ = log Σᵢ exp(zᵢ) − z_y.</summary>
    /// <param name="logits">The logits z, one per class.</param>
    /// <param name="label">The true class y.</param>
    /// <param name="cotangent">Receives ∂ℓ/∂zᵢ = pᵢ, and p_y − 1 = −Σ of the others, which loses no digits where p_y is nearly 1.</param>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int label, Span<float> cotangent)
    {
        double largest = double.NegativeInfinity, others = 0;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }
        for (int i = 0; i < logits.Length; i++)
        {
            others += i == label ? 0 : Math.Exp(logits[i] - largest);
        }
        double own = Math.Exp(logits[label] - largest);
        for (int i = 0; i < logits.Length; i++)
        {
            cotangent[i] = (float)((i == label ? -others : Math.Exp(logits[i] - largest)) / (own + others));
        }
        return own == 1 ? LogOnePlus(others) : largest - logits[label] + Math.Log(own + others);
    }

    /// <summary>
    /// The difference of logits ratio (Croce and Hein 2020): ℓ = −(z_y − max over the wrong classes of z)/(z_π1 − z_π3), π sorting the logits from
    /// the largest. It is the margin in units that scaling the logits doesn't change.
    /// </summary>
    /// <param name="logits">The logits z, at least 3: the third largest is in the denominator.</param>
    /// <param name="label">The true class y.</param>
    /// <param name="cotangent">Receives ∂ℓ/∂z.</param>
    public static double DifferenceRatio(ReadOnlySpan<float> logits, int label, Span<float> cotangent)
    {
        Span<int> order = stackalloc int[3];
        Largest(logits, order);
        return Ratio(logits, label, order[0] == label ? order[1] : order[0], order[0], order[2], order[2], cotangent);
    }

    /// <summary>The targeted difference of logits ratio towards a class t: ℓ = −(z_y − z_t)/(z_π1 − (z_π3 + z_π4)/2).</summary>
    /// <param name="logits">The logits z, at least 4: the fourth largest is in the denominator.</param>
    /// <param name="label">The true class y.</param>
    /// <param name="target">The target class t.</param>
    /// <param name="cotangent">Receives ∂ℓ/∂z.</param>
    public static double TargetedDifferenceRatio(ReadOnlySpan<float> logits, int label, int target, Span<float> cotangent)
    {
        Span<int> order = stackalloc int[4];
        Largest(logits, order);
        return Ratio(logits, label, target, order[0], order[2], order[3], cotangent);
    }

    /// <summary>Fills <paramref name="order"/> with the classes of the largest logits, the largest first, and of equal ones the first.</summary>
    internal static void Largest(ReadOnlySpan<float> logits, Span<int> order)
    {
        for (int rank = 0; rank < order.Length; rank++)
        {
            int next = -1;
            for (int i = 0; i < logits.Length; i++)
            {
                next = order[..rank].Contains(i) || (next >= 0 && !(logits[i] > logits[next])) ? next : i;
            }
            order[rank] = next;
        }
    }

    /// <summary>ℓ = (z_t − z_y)/d with d = z_a − (z_b + z_c)/2, and ∂ℓ/∂z = (e_t − e_y − ℓ·(e_a − (e_b + e_c)/2))/d.</summary>
    private static double Ratio(ReadOnlySpan<float> z, int y, int t, int a, int b, int c, Span<float> cotangent)
    {
        double spread = z[a] - (((double)z[b] + z[c]) / 2) + SmallestSpread, ratio = ((double)z[t] - z[y]) / spread;
        for (int i = 0; i < z.Length; i++)
        {
            double direct = Is(t) - Is(y), through = Is(a) - ((Is(b) + Is(c)) / 2);
            cotangent[i] = (float)((direct - (ratio * through)) / spread);

            double Is(int other) => i == other ? 1 : 0;
        }
        return ratio;
    }

    /// <summary>log(1 + x) for x ≥ 0, exact to rounding where 1 + x rounds x away (Kahan).</summary>
    private static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
