using Google.Protobuf;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.TensorBoard;

/// <summary>
/// A run as TensorBoard shows it. All of it follows from the run's other files, times too (the run's begin and the seconds that the files tell), so
/// that the events of an interrupted run are made again from the rows that metrics.csv keeps: none is lost and none is there twice.
/// </summary>
public sealed class RunEvents : IDisposable
{
    private readonly EventFile _file;
    private readonly long _begin;
    private readonly HashSet<string> _shown = [];
    private long _lastStep;

    private RunEvents(RunDirectory directory)
    {
        RunConfiguration configuration = RunConfiguration.Read(directory.Config);
        IReadOnlyList<MetricsRow> metrics = MetricsCsv.Read(directory.Metrics);
        _begin = directory.Begun(configuration).ToUnixTimeSeconds();
        _file = EventFile.Write(directory.Events(configuration), _begin, metrics.Select(Of));
    }

    /// <summary>The events of a run's metrics.csv, to be followed by those of the rows to come.</summary>
    /// <exception cref="UserErrorException">A file can't be read, or the events not be written.</exception>
    public static RunEvents Open(RunDirectory directory) => new(directory);

    /// <summary>Writes all events of a finished run.</summary>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="specimens">The images to show; none if they were not measured.</param>
    /// <exception cref="UserErrorException">A file can't be read or written.</exception>
    public static void Write(RunDirectory directory, RunResults results, IReadOnlyList<Specimen> specimens)
    {
        using RunEvents events = Open(directory);
        events.Append(
            results.SecondsTotal,
            [
                .. results.Accuracy.Select(figure => Scalar($"final_accuracy/{figure.Key}", figure.Value)),
                .. results.ZeroGradient.Select(figure => Scalar($"final_zero_gradient/{figure.Key}", figure.Value)),
            ]);
        if (specimens.Count > 0)
        {
            events.Append(results.SecondsTotal, [.. Pictures("image", one => one.Image), .. Pictures("jacobian", one => one.Jacobian),
                .. Pictures("perturbation", one => one.Perturbation), .. Pictures("adversarial", one => one.Adversarial)]);
        }

        IEnumerable<Summary.Types.Value> Pictures(string group, Func<Specimen, GridImage> picture) =>
            specimens.Select(specimen => Picture($"{group}/{specimen.Class}", picture(specimen)));
    }

    /// <summary>A row of metrics.csv that was just written.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Append(MetricsRow row) => _file.Append(Of(row));

    public void Dispose() => _file.Dispose();

    /// <summary>TensorBoard puts into one group what is the same up to the first slash.</summary>
    private static string Tag(string column) => column switch
    {
        "learning_rate" => $"train/{column}",
        _ when column.EndsWith("_loss", StringComparison.Ordinal) => $"train/{column}",
        _ when column.EndsWith("_accuracy", StringComparison.Ordinal) => $"test/{column}",
        _ => $"progress/{column}",
    };

    private static Summary.Types.Value Scalar(string tag, double value) => new() { Tag = tag, SimpleValue = (float)value };

    private static Summary.Types.Value Picture(string tag, GridImage image) => new()
    {
        Tag = tag,
        Image = new Summary.Types.Image
        {
            Height = image.Height,
            Width = image.Width,
            Colorspace = image.Channels,
            EncodedImageString = ByteString.CopyFrom(image.ToPng()),
        },
    };

    /// <summary>The event of a row. Of two rows of one step, the second adds the columns that the first lacks and repeats epoch and time.</summary>
    private Event Of(MetricsRow row)
    {
        if (row.Step != _lastStep)
        {
            _lastStep = row.Step;
            _shown.Clear();
        }
        List<Summary.Types.Value> values = [];
        // The step is the event's own, and no value.
        foreach ((string column, double? cell) in MetricsRow.Columns.Zip(row.Cells()).Skip(1))
        {
            if (cell is double value && _shown.Add(column))
            {
                values.Add(Scalar(Tag(column), value));
            }
        }
        return At(row.Seconds ?? 0, values);
    }

    private void Append(double seconds, IEnumerable<Summary.Types.Value> values) => _file.Append(At(seconds, values));

    /// <param name="seconds">Seconds since the run began, rounded as in metrics.csv, so that the same row always gives the same bytes.</param>
    /// <param name="values">At the last step so far.</param>
    private Event At(double seconds, IEnumerable<Summary.Types.Value> values) =>
        new() { WallTime = _begin + (double)(float)seconds, Step = _lastStep, Summary = new Summary { Value = { values } } };
}
