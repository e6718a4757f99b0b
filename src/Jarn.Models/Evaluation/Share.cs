using System.Globalization;

namespace Jarn.Models;

/// <summary>A share of the images, in sentences.</summary>
internal static class Share
{
    /// <summary>A percentage with one decimal: 82.6 %.</summary>
    public static string Text(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} %");
}
