using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>The files for people that a run writes, in addition to those for programs.</summary>
public interface IRunOutputs
{
    /// <summary>Follows one run. The caller disposes the follower.</summary>
    IRunFollower Follow(RunDirectory directory);
}

/// <summary>Follows a run from its first row of metrics.csv to its end. Nothing that it can't write makes the run fail.</summary>
public interface IRunFollower : IDisposable
{
    /// <summary>The training begins, or goes on: metrics.csv has the rows so far.</summary>
    void Begin();

    /// <summary>A row of metrics.csv that was just written.</summary>
    void Append(MetricsRow row);

    /// <summary>Called when everything is measured, before the last file of the run is written.</summary>
    void Complete(RunResults results);

    /// <summary>Called when the run is finished and its files are written.</summary>
    /// <param name="images">The test images that the run was measured on.</param>
    void Finish(IDevice device, ImageSet images, IDisplay display);
}
