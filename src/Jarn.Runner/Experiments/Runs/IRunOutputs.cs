using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>What runs leave to be looked at, beside the files that a program reads.</summary>
public interface IRunOutputs
{
    /// <summary>For one run; whoever asks disposes it.</summary>
    IRunFollower Follow(RunDirectory directory);
}

/// <summary>Follows a run from its first row of metrics.csv to its end. Nothing that it can't write makes the run fail.</summary>
public interface IRunFollower : IDisposable
{
    /// <summary>The training begins, or goes on: metrics.csv has the rows so far.</summary>
    void Begin();

    /// <summary>A row of metrics.csv that was just written.</summary>
    void Append(MetricsRow row);

    /// <summary>All is measured. The file that ends the run is not yet written.</summary>
    void Complete(RunResults results);

    /// <summary>Called when the run is finished and its files are written.</summary>
    /// <param name="images">The test images that the run was measured on.</param>
    void Finish(IDevice device, ImageSet images, IDisplay display);
}
