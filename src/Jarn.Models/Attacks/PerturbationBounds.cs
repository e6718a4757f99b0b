namespace Jarn.Models;

/// <summary>What every attack must keep to: ‖x′ − x‖∞ ≤ ε and pixels in [0, 1].</summary>
public static class PerturbationBounds
{
    /// <summary>Beyond ε: x + ε and its difference to x are rounded.</summary>
    private const float Rounding = 1e-6f;

    /// <param name="attack">Its name, for the message.</param>
    /// <param name="epsilon">ε, in units of the pixel range [0, 1].</param>
    /// <param name="before">x, any number of images.</param>
    /// <param name="after">x′, of the same.</param>
    /// <exception cref="InvalidOperationException">A pixel is elsewhere, or no number.</exception>
    public static void Require(string attack, double epsilon, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        for (int i = 0; i < after.Length; i++)
        {
            if (!(Math.Abs(after[i] - before[i]) <= epsilon + Rounding && after[i] >= 0 && after[i] <= 1))
            {
                throw new InvalidOperationException($"{attack} moved a pixel from {before[i]} to {after[i]} with ε = {PerturbationSize.Text(epsilon)}");
            }
        }
    }
}
