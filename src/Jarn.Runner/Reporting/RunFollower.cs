using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.TensorBoard;

namespace Jarn.Runner.Reporting;

/// <summary>TensorBoard's file, which follows a run, and the page at its end.</summary>
internal sealed class RunFollower(RunOutputs outputs, RunDirectory directory) : IRunFollower
{
    private readonly OptionalOutput _tensorBoard = new(
        outputs.TensorBoard,
        $"The run continues without TensorBoard's file. To write it later: jarn report --checkpoint {ShellPath.Quoted(directory.Folder)}");

    private RunEvents? _events;

    public void Begin() => _tensorBoard.Try(() => _events = RunEvents.Open(directory));

    public void Append(MetricsRow row) => _tensorBoard.Try(() => _events?.Append(row));

    public void Complete(RunResults results)
    {
        Close();
        _tensorBoard.Try(() => RunEvents.Write(directory, results, []));
    }

    public void Finish(IDevice device, ImageSet images, IDisplay display)
    {
        RunOutputs left = outputs with { TensorBoard = _tensorBoard.IsWanted };
        new OptionalOutput(
            outputs.Report, $"The run itself is complete. To write its report later: jarn report --checkpoint {ShellPath.Quoted(directory.Folder)}")
            .Try(() => left.Write(directory, device, images, sweepImages: null, display));
    }

    public void Dispose() => Close();

    private void Close()
    {
        _events?.Dispose();
        _events = null;
    }
}
