using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>An interval for a share, in per cent; [low, high] in JSON.</summary>
[JsonConverter(typeof(IntervalConverter))]
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The 0.975 quantile of the normal distribution.</summary>
    private const double Quantile = 1.959963984540054;

    /// <summary>
    /// The 95 % score interval of a binomial share (Wilson 1927): (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²))/(1 + z²/n). Unlike p ± z·√(p(1 − p)/n) it
    /// says something where p is 0 or 1. What it covers is the choice of test images, not that of the training's or the attack's random numbers.
    /// </summary>
    /// <param name="count">np, the images that count towards the share.</param>
    /// <param name="total">n, all images; at least 1.</param>
    public static Interval OfShare(int count, int total)
    {
        double n = total, p = count / n, z2 = Quantile * Quantile;
        double centre = p + (z2 / (2 * n)), reach = Quantile * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n))), scale = 100 / (1 + (z2 / n));
        // At the ends of the range the difference is zero but for its rounding.
        return new Interval(count == 0 ? 0 : scale * (centre - reach), count == total ? 100 : scale * (centre + reach));
    }

    /// <summary>Both ends with one decimal: 80.1 to 84.9.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:0.0} to {High:0.0}");

    private sealed class IntervalConverter : JsonConverter<Interval>
    {
        public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double[]>(ref reader, options) is [double low, double high] ? new Interval(low, high)
                : throw new JsonException("an interval is two numbers");

        public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Low);
            writer.WriteNumberValue(value.High);
            writer.WriteEndArray();
        }
    }
}
