using System.Globalization;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Names and numbers as the paper prints them.</summary>
public static class Titles
{
    /// <param name="method">The name that <c>--method</c> takes.</param>
    public static string Method(string method) => MethodDefinition.List.Find(method)?.Title ?? method;

    /// <param name="attack">The name that <c>--attacks</c> takes.</param>
    public static string Attack(string attack) => AttackDefinition.TitleOf(attack);

    /// <summary>The name that <c>--preset</c> takes.</summary>
    public static string Preset(Preset preset) => preset.ToString().ToLowerInvariant();

    /// <inheritdoc cref="PerturbationSize.Text"/>
    public static string Epsilon(double epsilon) => PerturbationSize.Text(epsilon);

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>An accuracy or another share of the images, in per cent: 82.61.</summary>
    public static string Accuracy(double percent) => Number(percent, "0.00");

    /// <summary>The ends of an interval, in per cent: 80.12 to 84.93.</summary>
    public static string Interval(Interval interval) => $"{Accuracy(interval.Low)} to {Accuracy(interval.High)}";

    /// <summary>A mean cross-entropy: 0.693.</summary>
    public static string Loss(double loss) => Number(loss, "0.000");
}
