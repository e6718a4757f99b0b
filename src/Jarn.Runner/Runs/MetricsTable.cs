using System.Globalization;

namespace Jarn.Runner.Runs;

/// <summary>What a <see cref="MetricsCsv"/> has written.</summary>
public sealed class MetricsTable
{
    private readonly string[] _columns;
    private readonly List<double?[]> _rows = [];

    private MetricsTable(string[] columns) => _columns = columns;

    public IReadOnlyList<string> Columns => _columns;

    /// <summary>A value a column, null for an empty cell.</summary>
    public IReadOnlyList<double?[]> Rows => _rows;

    /// <exception cref="UserErrorException">The file is absent or no such table.</exception>
    public static MetricsTable Read(string path)
    {
        try
        {
            // A run that goes on has the file open.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream);
            string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            MetricsTable table = new(lines.Length > 0 ? lines[0].Split(',') : []);
            for (int line = 1; line < lines.Length; line++)
            {
                string[] cells = lines[line].Split(',');
                if (cells.Length != table._columns.Length)
                {
                    throw Malformed(path, line, $"it has {cells.Length} cells where the header has {table._columns.Length}");
                }
                table._rows.Add([.. cells.Select(cell => cell.Length == 0 ? (double?)null
                    : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Malformed(path, line, $"'{cell}' is not a number"))]);
            }
            return table;
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({UserErrorException.Reason(exception)})", exception);
        }
    }

    /// <summary>The rows that have both, in the order of the file; none where there is no such column.</summary>
    public IReadOnlyList<(double X, double Y)> Pairs(string x, string y)
    {
        int first = Array.IndexOf(_columns, x), second = Array.IndexOf(_columns, y);
        return first < 0 || second < 0 ? [] : [.. _rows.Where(row => row[first] is not null && row[second] is not null).Select(row => (row[first]!.Value, row[second]!.Value))];
    }

    private static UserErrorException Malformed(string path, int line, string fault) =>
        new($"{path} is not a valid metrics.csv (line {line + 1}: {fault})");
}
