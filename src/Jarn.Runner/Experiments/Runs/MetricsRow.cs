using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>A row of metrics.csv. Its columns are these properties, in this order.</summary>
public sealed record MetricsRow
{
    private static readonly OrderedDictionary<string, PropertyInfo> _byColumn = new(
        typeof(MetricsRow).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property)));

    /// <summary>The number of steps taken.</summary>
    public int Step { get; init; }

    /// <summary>The epoch of that step, counted from 1.</summary>
    public int? Epoch { get; init; }

    public double? ClassificationLoss { get; init; }

    public double? AdversarialLoss { get; init; }

    /// <summary>The accuracy on test images, in per cent.</summary>
    public double? CleanAccuracy { get; init; }

    /// <inheritdoc cref="CleanAccuracy"/>
    public double? FgsmAccuracy { get; init; }

    public double? LearningRate { get; init; }

    public double? ImagesPerSecond { get; init; }

    /// <summary>Seconds of training since the run's first step.</summary>
    public double? Seconds { get; init; }

    /// <summary>The header of metrics.csv.</summary>
    public static IReadOnlyList<string> Columns => _byColumn.Keys;

    /// <summary>A value for each column, null for an empty cell.</summary>
    public IReadOnlyList<double?> Cells() =>
    [
        .. _byColumn.Values.Select(property => property.GetValue(this))
            .Select(value => value is null ? (double?)null : Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    ];

    /// <param name="columns">The header of the file. Columns that this version doesn't know are ignored.</param>
    /// <param name="cells">One cell for each column.</param>
    /// <exception cref="FormatException">A cell is no number of its column.</exception>
    internal static MetricsRow Parse(IReadOnlyList<string> columns, IReadOnlyList<string> cells)
    {
        MetricsRow row = new();
        foreach ((string column, string cell) in columns.Zip(cells))
        {
            if (_byColumn.TryGetValue(column, out PropertyInfo? property) && (cell.Length > 0 || property.Name == nameof(Step)))
            {
                property.SetValue(row, Value(cell, property.PropertyType));
            }
        }
        return row;
    }

    private static object Value(string cell, Type type)
    {
        if (type == typeof(double?))
        {
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                : throw new FormatException($"'{cell}' is not a number");
        }
        return int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int whole) ? whole
            : throw new FormatException($"'{cell}' is not a whole number");
    }
}
