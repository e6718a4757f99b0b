using System.Globalization;

namespace Jarn.Models;

/// <summary>ε, in units of the pixel range [0, 1], as people write it.</summary>
public static class PerturbationSize
{
    private const int Levels = 255, SignificantDigits = 15;

    /// <summary>What a few roundings of n/255 leave of it.</summary>
    private const double Rounding = 1e-12;

    /// <summary>
    /// n/255 where ε is that and a decimal fraction is longer: 8/255, 0.3, 0.2, 1E-07. Decimals have 15 digits at most, which a double keeps as they
    /// were typed.
    /// </summary>
    public static string Text(double epsilon)
    {
        string digits = epsilon.ToString($"G{SignificantDigits}", CultureInfo.InvariantCulture);
        double levels = epsilon * Levels, whole = Math.Round(levels);
        string fraction = string.Create(CultureInfo.InvariantCulture, $"{whole}/{Levels}");
        return whole >= 1 && Math.Abs(levels - whole) < Rounding * whole && fraction.Length < digits.Length ? fraction : digits;
    }
}
