using System.Text.Json.Serialization;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>How far a training has come: what a checkpoint says beside its tensors.</summary>
/// <param name="Run">The <see cref="RunIdentity.Fingerprint"/> of the run.</param>
/// <param name="Device">Kind and name of what computed the last step.</param>
/// <param name="Step">Steps taken: with the seed, all that random numbers and the order of the images depend on.</param>
/// <param name="Iterations">Updates made so far, by the name of the <see cref="Learner"/>.</param>
/// <param name="Cost">Spent so far.</param>
/// <param name="Overfitting">Where it was seen; null for nowhere so far.</param>
/// <param name="TotalSteps">Steps that the training has in all; null where an older version wrote it.</param>
public sealed record TrainingProgress(
    string Run, string Device, int Step, IReadOnlyDictionary<string, int> Iterations, RunCost Cost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CatastrophicOverfitting? Overfitting = null, int? TotalSteps = null);

/// <summary>What a run has spent, over all processes that worked on it.</summary>
/// <param name="FirstStepSeconds">From the process's start to the end of the first training step.</param>
/// <param name="TrainingSeconds">Of training alone, without the looks at test images in between.</param>
/// <param name="SecondsTotal">Of everything.</param>
/// <param name="PeakMemoryBytes">The most memory that a process held, managed and unmanaged.</param>
/// <param name="PeakDeviceBytes">The most that buffers of the device held.</param>
public sealed record RunCost(double FirstStepSeconds, double TrainingSeconds, double SecondsTotal, long PeakMemoryBytes, long PeakDeviceBytes);
