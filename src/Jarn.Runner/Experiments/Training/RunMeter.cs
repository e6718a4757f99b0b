using System.Diagnostics;
using Jarn.Kernels;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Adds up the time and memory of a run, including what an interrupted run had spent.</summary>
/// <param name="before">What the run has spent already; null at its beginning.</param>
/// <param name="device">The device whose peak memory is counted.</param>
public sealed class RunMeter(RunCost? before, IDevice device)
{
    private readonly Stopwatch _total = Stopwatch.StartNew(), _training = new();
    private double _firstStepSeconds = before?.FirstStepSeconds ?? 0;

    public RunCost Cost
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return new RunCost(
                _firstStepSeconds,
                TrainingSeconds,
                (before?.SecondsTotal ?? 0) + _total.Elapsed.TotalSeconds,
                Math.Max(before?.PeakMemoryBytes ?? 0, process.PeakWorkingSet64),
                Math.Max(before?.PeakDeviceBytes ?? 0, device.Memory.PeakElements * device.Description.ElementBytes));
        }
    }

    /// <summary>Training alone, with what was spent before.</summary>
    public double TrainingSeconds => (before?.TrainingSeconds ?? 0) + _training.Elapsed.TotalSeconds;

    /// <summary>Training alone, in this process.</summary>
    public double TrainingSecondsHere => _training.Elapsed.TotalSeconds;

    public void StartTraining() => _training.Start();

    public void StopTraining() => _training.Stop();

    /// <summary>To be called at the end of the run's first step, once the device is done.</summary>
    public void EndFirstStep()
    {
        using Process process = Process.GetCurrentProcess();
        _firstStepSeconds = (DateTime.Now - process.StartTime).TotalSeconds;
    }
}
