using Jarn.Runner.Reports;
using Jarn.Runner.Reports.TensorBoard;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Training;

/// <summary>What a training notes of itself: metrics.csv and, where that is wanted, the same for TensorBoard.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly string[] Columns =
        ["step", "epoch", "classification_loss", "adversarial_loss", "clean_accuracy", "fgsm_accuracy", "learning_rate", "images_per_second", "seconds"];

    private readonly MetricsCsv _metrics;
    private readonly OptionalOutput _tensorBoard;
    private readonly RunDirectory _directory;
    private RunEvents? _events;

    /// <param name="directory">The run's.</param>
    /// <param name="steps">Taken before: what was noted of later ones goes.</param>
    /// <param name="tensorBoard">TensorBoard's file.</param>
    /// <exception cref="UserErrorException">metrics.csv can't be written, or what is there is no such file.</exception>
    public TrainingLog(RunDirectory directory, int steps, OptionalOutput tensorBoard)
    {
        (_directory, _tensorBoard) = (directory, tensorBoard);
        _metrics = MetricsCsv.Continue(directory.Metrics, Columns, steps);
        tensorBoard.Try(() => _events = RunEvents.Open(directory));
    }

    /// <param name="row">A value for each column of metrics.csv.</param>
    /// <exception cref="UserErrorException">metrics.csv can't be written; what is saved can be resumed.</exception>
    public void Append(params ReadOnlySpan<double?> row)
    {
        try
        {
            _metrics.Append(row);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{exception.Message}. {_directory.HowToGoOn}", exception);
        }
        double?[] cells = [.. row];
        _tensorBoard.Try(() => _events?.Append(cells));
    }

    /// <summary>Waits until metrics.csv is on the disk, so that no row is lost that a checkpoint counts on.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void FlushToDisk() => _metrics.FlushToDisk();

    public void Dispose()
    {
        _metrics.Dispose();
        _events?.Dispose();
    }
}
