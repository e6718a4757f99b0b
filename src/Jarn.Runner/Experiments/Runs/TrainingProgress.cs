using System.Text.Json.Serialization;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>How far a training has come: what a checkpoint holds besides its tensors.</summary>
/// <param name="Run">The <see cref="RunIdentity.Fingerprint"/> of the run.</param>
/// <param name="Device">Kind and name of the device that computed the last step.</param>
/// <param name="Step">The number of steps taken. With the seed, it determines all random numbers and the order of the images.</param>
/// <param name="Iterations">Updates made so far, by the name of the <see cref="Learner"/>.</param>
/// <param name="Cost">What the run has spent so far.</param>
/// <param name="Overfitting">Where catastrophic overfitting was first seen; null if it was not.</param>
/// <param name="TotalSteps">The number of steps in the training; null in files of older versions.</param>
public sealed record TrainingProgress(
    string Run, string Device, int Step, IReadOnlyDictionary<string, int> Iterations, RunCost Cost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CatastrophicOverfitting? Overfitting = null, int? TotalSteps = null);

/// <summary>What a run has spent, over all processes that worked on it.</summary>
/// <param name="FirstStepSeconds">From the process's start to the end of the first training step.</param>
/// <param name="TrainingSeconds">Seconds of training, without the measurements on test images in between.</param>
/// <param name="SecondsTotal">Seconds of everything.</param>
/// <param name="PeakMemoryBytes">The most memory that a process held, managed and unmanaged.</param>
/// <param name="PeakDeviceBytes">The most that buffers of the device held.</param>
public sealed record RunCost(double FirstStepSeconds, double TrainingSeconds, double SecondsTotal, long PeakMemoryBytes, long PeakDeviceBytes);
