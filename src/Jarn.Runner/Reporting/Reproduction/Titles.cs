using System.Globalization;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Names and numbers as the paper prints them.</summary>
public static class Titles
{
    /// <param name="method">As <c>--method</c> takes it.</param>
    public static string Method(string method) => MethodDefinition.List.Find(method)?.Title ?? method;

    /// <param name="attack">As <c>--attacks</c> takes it.</param>
    public static string Attack(string attack) => AttackCatalogue.Title(attack);

    /// <summary>As <c>--preset</c> takes it.</summary>
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
