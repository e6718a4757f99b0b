using System.Globalization;
using System.Text;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>
/// metrics.csv: a table that grows row by row and can be read while a run goes on. Invariant culture; an absent value is an empty cell; whole numbers
/// are written as such, others with the digits that tell one float32 from the next.
/// </summary>
public sealed class MetricsCsv : IDisposable
{
    private static readonly string _header = string.Join(',', MetricsRow.Columns);

    private readonly string _path;
    private readonly FileStream _file;

    private MetricsCsv(string path, FileMode mode)
    {
        _path = path;
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
    /// again, go, and so does what a killed process left of a line.
    /// </summary>
    /// <exception cref="UserErrorException">The file is no such table, or can't be written.</exception>
    public static MetricsCsv Continue(string path, int steps)
    {
        if (!File.Exists(path))
        {
            return Begin(path);
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
        if (lines.FirstOrDefault() is string header && header != _header)
        {
            throw new UserErrorException($"{path} has other columns than this version of Jarn writes: resume with the version that started the run");
        }
        IEnumerable<string> kept = lines.Skip(1).Where((line, index) => Step(line) is int step
            ? step <= steps
            : throw new UserErrorException(
                $"line {index + 2} of {path} does not start with a step number: restore the file, or delete it to continue without its rows"));
        AtomicFile.Write(path, string.Concat(kept.Prepend(_header).Select(line => line + '\n')));
        return new MetricsCsv(path, FileMode.Append);

        static int? Step(string line) => line.Split(',') is { } cells && cells.Length == MetricsRow.Columns.Count
            && int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : null;
    }

    /// <summary>Reads the rows that a run has written. Columns that the file doesn't have are null.</summary>
    /// <exception cref="UserErrorException">The file is absent or no such table.</exception>
    public static IReadOnlyList<MetricsRow> Read(string path)
    {
        try
        {
            // A run that goes on has the file open.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream);
            string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string[] columns = lines.Length > 0 ? lines[0].Split(',') : [];
            return [.. lines.Skip(1).Select((line, index) => Parse(path, columns, line, index + 2))];
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({UserErrorException.Reason(exception)})", exception);
        }
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
    public void Append(MetricsRow row) => WriteLine(string.Join(',', row.Cells().Select(cell => cell is double value ? Format(value) : "")));

    public void Dispose() => _file.Dispose();

    private static MetricsCsv Begin(string path)
    {
        MetricsCsv metrics = new(path, FileMode.CreateNew);
        try
        {
            metrics.WriteLine(_header);
            return metrics;
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    private static MetricsRow Parse(string path, string[] columns, string line, int number)
    {
        string[] cells = line.Split(',');
        try
        {
            return cells.Length == columns.Length ? MetricsRow.Parse(columns, cells)
                : throw new FormatException($"it has {cells.Length} cells where the header has {columns.Length}");
        }
        catch (FormatException exception)
        {
            throw new UserErrorException($"{path} is not a valid metrics.csv (line {number}: {exception.Message})", exception);
        }
    }

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
