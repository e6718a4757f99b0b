using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>The mean of a quantity over the seeds, and its spread.</summary>
/// <param name="Deviation">The standard deviation of the sample (with n − 1); null for one seed.</param>
/// <param name="Low">The mean minus the deviation; for one seed, the lower end of its interval.</param>
/// <param name="High">The mean plus the deviation; for one seed, the upper end of its interval.</param>
public sealed record Summary(double Mean, double? Deviation, double Low, double High)
{
    /// <summary>Summarises one value per seed.</summary>
    public static Summary Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        if (values.Count == 1)
        {
            return new Summary(mean, null, mean, mean);
        }
        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new Summary(mean, deviation, mean - deviation, mean + deviation);
    }

    /// <summary>Summarises one measurement per seed.</summary>
    public static Summary Of(IReadOnlyList<Measurement> measurements)
    {
        Summary summary = Of([.. measurements.Select(measurement => measurement.Accuracy)]);
        return measurements.Count > 1 ? summary : summary with { Low = measurements[0].Interval.Low, High = measurements[0].Interval.High };
    }

    /// <summary>12.3 ± 0.4, or 12.3 for one seed.</summary>
    public string Text(string format) =>
        Deviation is double deviation ? $"{Titles.Number(Mean, format)} ± {Titles.Number(deviation, format)}" : Titles.Number(Mean, format);
}
