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
    public static string Attack(string attack) => AttackDefinition.TitleOf(attack);

    /// <summary>As <c>--preset</c> takes it.</summary>
    public static string Preset(Preset preset) => preset.ToString().ToLowerInvariant();

    /// <inheritdoc cref="PerturbationSize.Text"/>
    public static string Epsilon(double epsilon) => PerturbationSize.Text(epsilon);

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>20 000</summary>
    public static string Count(long count) => Number(count, "#,0").Replace(',', ' ');
}
