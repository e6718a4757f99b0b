using System.Globalization;
using System.Text;

namespace Jarn.Runner.Runs;

/// <summary>
/// A table that grows row by row and can be read while a run goes on. Invariant culture; an absent value is an empty cell; whole numbers
/// are written as such, others with the digits that tell one float32 from the next.
/// </summary>
public sealed class MetricsCsv : IDisposable
{
    private readonly string _path;
    private readonly int _columns;
    private readonly FileStream _file;

    /// <param name="path">The file; it must not exist.</param>
    /// <param name="columns">The header; every row has as many cells.</param>
    /// <exception cref="UserErrorException">The file exists or can't be written.</exception>
    public MetricsCsv(string path, IReadOnlyList<string> columns)
        : this(path, columns, FileMode.CreateNew)
    {
        try
        {
            WriteLine(Header(columns));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private MetricsCsv(string path, IReadOnlyList<string> columns, FileMode mode)
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
            // Without a buffer a row that could not be written is not tried again when the file is closed.
            _file = new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(exception);
        }
    }

    /// <summary>
    /// The table of a run that goes on after a number of steps, or a new one where there is none: rows of later steps, which the run is to write
    /// again, go, and so does what a killed process left of a line. The first column is the step.
    /// </summary>
    /// <exception cref="UserErrorException">The file is no such table, or can't be written.</exception>
    public static MetricsCsv Continue(string path, IReadOnlyList<string> columns, int steps)
    {
        if (!File.Exists(path))
        {
            return new MetricsCsv(path, columns);
        }
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(path, exception);
        }
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.FirstOrDefault() is string header && header != Header(columns))
        {
            throw new UserErrorException($"{path} has other columns than this version of Jarn writes: resume with the version that started the run");
        }
        IEnumerable<string> kept = lines.Skip(1).Where((line, index) => Step(line) is int step ? step <= steps
            : throw new UserErrorException($"line {index + 2} of {path} does not start with a step number: restore the file, or delete it to continue without its rows"));
        AtomicFile.Write(path, string.Concat(kept.Prepend(Header(columns)).Select(line => line + '\n')));
        return new MetricsCsv(path, columns, FileMode.Append);

        int? Step(string line) => line.Split(',') is { } cells && cells.Length == columns.Count
            && int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : null;
    }

    /// <summary>Waits until all rows are on the disk, so that none is lost that a checkpoint counts on.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void FlushToDisk()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(exception);
        }
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

    public void Dispose() => _file.Dispose();

    private static string Header(IReadOnlyList<string> columns) => string.Join(',', columns);

    private static string Format(double value) =>
        Math.Truncate(value) == value && Math.Abs(value) < 1L << 53
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : ((float)value).ToString(CultureInfo.InvariantCulture);

    private void WriteLine(string line)
    {
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(line + '\n'));
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(exception);
        }
    }

    private UserErrorException Refused(Exception exception) => Refused(_path, exception);

    private static UserErrorException Refused(string path, Exception exception) =>
        new($"cannot write {path} ({UserErrorException.Reason(exception)}): free some disk space", exception);
}
