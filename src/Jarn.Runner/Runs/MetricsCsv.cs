using System.Globalization;

namespace Jarn.Runner.Runs;

/// <summary>
/// A table that grows row by row and can be read while a run goes on. Invariant culture; an absent value is an empty cell; whole numbers
/// are written as such, others with the digits that tell one float32 from the next.
/// </summary>
public sealed class MetricsCsv : IDisposable
{
    private readonly string _path;
    private readonly int _columns;
    private readonly StreamWriter _writer;

    /// <param name="path">The file; it must not exist.</param>
    /// <param name="columns">The header; every row has as many cells.</param>
    /// <exception cref="UserErrorException">The file exists or can't be written.</exception>
    public MetricsCsv(string path, IReadOnlyList<string> columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count);
        if (columns.Any(column => column.AsSpan().IndexOfAny(",\"\r\n") >= 0))
        {
            throw new ArgumentException("a column's name needs no quoting", nameof(columns));
        }
        _path = path;
        _columns = columns.Count;
        try
        {
            _writer = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { NewLine = "\n" };
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(exception);
        }
        WriteLine(string.Join(',', columns));
    }

    /// <summary>Writes a row through to the operating system: a crash of the process loses none.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Append(params ReadOnlySpan<double?> values)
    {
        if (values.Length != _columns)
        {
            throw new ArgumentException($"{values.Length} values for {_columns} columns", nameof(values));
        }
        string[] cells = new string[values.Length];
        for (int column = 0; column < cells.Length; column++)
        {
            cells[column] = values[column] is double value ? Format(value) : "";
        }
        WriteLine(string.Join(',', cells));
    }

    public void Dispose() => _writer.Dispose();

    private static string Format(double value) =>
        Math.Truncate(value) == value && Math.Abs(value) < 1L << 53
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : ((float)value).ToString(CultureInfo.InvariantCulture);

    private void WriteLine(string line)
    {
        try
        {
            _writer.WriteLine(line);
            _writer.Flush();
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(exception);
        }
    }

    private UserErrorException Refused(Exception exception) =>
        new($"cannot write {_path} ({exception.Message.TrimEnd('.')}): give a new folder on a disk with free space", exception);
}
