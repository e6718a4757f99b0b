using System.Globalization;

namespace Jarn.Runner;

/// <summary>Counts as they are shown to people.</summary>
public static class Counts
{
    /// <summary>With a space between thousands: 20 000.</summary>
    public static string Text(long count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
