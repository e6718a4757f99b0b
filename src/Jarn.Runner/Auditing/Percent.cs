using System.Globalization;
using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Auditing;

/// <summary>Per cent in sentences.</summary>
internal static class Percent
{
    /// <summary>82.6 %</summary>
    public static string Of(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} %");

    /// <summary>80.1 to 84.9</summary>
    public static string Of(Interval interval) => string.Create(CultureInfo.InvariantCulture, $"{interval.Low:0.0} to {interval.High:0.0}");
}
