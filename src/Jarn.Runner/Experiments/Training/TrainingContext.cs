using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>What a training is made of: it and the images decide every step.</summary>
/// <param name="Configuration">The run's settings.</param>
/// <param name="Device">Where it is computed.</param>
/// <param name="Data">Training images, and test images to watch.</param>
public sealed record TrainingContext(TrainingConfiguration Configuration, IDevice Device, Dataset Data)
{
    /// <summary>What a checkpoint says it belongs to.</summary>
    public string Fingerprint { get; } = RunIdentity.Of(Configuration, Data).Fingerprint;

    public int StepsPerEpoch => Configuration.Recipe.StepsPerEpoch(Data.Train.Count);

    public int TotalSteps => Configuration.Recipe.TotalSteps(Data.Train.Count);

    public int Epochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>The batches of all epochs, from a step on.</summary>
    /// <param name="device">Where they are wanted.</param>
    /// <param name="steps">Taken before.</param>
    public BatchLoader Batches(IDevice device, int steps) => new(
        device, Data.Train, Configuration.Recipe.BatchSize,
        Enumerable.Range(0, Epochs).Select(epoch => Shuffling.Order(Data.Train.Count, Configuration.Seed, epoch)),
        Configuration.Recipe.Augmentation == Augmentation.CropAndFlip ? new CropAndFlip(Configuration.Seed, Data.Train) : null, steps,
        Configuration.Recipe.Method.Replays);

    /// <summary>What the method works with.</summary>
    /// <param name="device">Of the steps.</param>
    /// <param name="classifier">What is trained.</param>
    public MethodContext Method(IDevice device, Network classifier) =>
        new(Configuration.Recipe, Configuration.Seed, device, classifier, Data.Train.Shape);
}
