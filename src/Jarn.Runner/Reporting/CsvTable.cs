using System.Globalization;
using System.Text;

namespace Jarn.Runner.Reporting;

/// <summary>A table as comma-separated text (RFC 4180, lines end in LF): invariant culture, an absent value is an empty cell.</summary>
public sealed class CsvTable
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;

    public CsvTable(params IReadOnlyList<string> header)
    {
        _columns = header.Count;
        Add([.. header]);
    }

    /// <param name="cells">Numbers, text or null: as many as the header has.</param>
    public CsvTable Add(params ReadOnlySpan<object?> cells)
    {
        if (cells.Length != _columns)
        {
            throw new ArgumentException($"{cells.Length} cells for {_columns} columns", nameof(cells));
        }
        for (int i = 0; i < cells.Length; i++)
        {
            _text.Append(i == 0 ? "" : ",").Append(Quoted(Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? ""));
        }
        _text.Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
