using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Reporting.TensorBoard;

namespace Jarn.Runner.Reporting;

/// <summary>Which files for people a run writes, in addition to those for programs.</summary>
/// <param name="Report">Whether to write report.html.</param>
/// <param name="TensorBoard">Whether to write a log for TensorBoard, with the images of report.html if that is written.</param>
public readonly record struct RunOutputs(bool Report, bool TensorBoard) : IRunOutputs
{
    public IRunFollower Follow(RunDirectory directory) => new RunFollower(this, directory);

    /// <summary>Writes the page of a finished run, and its images to TensorBoard's log, which has followed the run so far.</summary>
    /// <inheritdoc cref="RunReport.Write(RunDirectory, IDevice, ImageSet, int?, IDisplay)"/>
    public void Write(RunDirectory directory, IDevice device, ImageSet images, int? sweepImages, IDisplay display)
    {
        if (!Report)
        {
            return;
        }
        RunFindings findings = RunReport.Write(directory, device, images, sweepImages, display);
        if (TensorBoard)
        {
            RunEvents.Write(directory, JsonFile.Read<RunResults>(directory.Results), findings.Specimens);
        }
    }
}
