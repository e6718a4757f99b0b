using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The settings and the images of a training, which determine all of its steps.</summary>
/// <param name="Device">The device that computes the training.</param>
/// <param name="Data">The training images, and the test images on which the accuracy is watched.</param>
public sealed record TrainingContext(TrainingConfiguration Configuration, IDevice Device, Dataset Data)
{
    /// <summary>Identifies the run that a checkpoint belongs to.</summary>
    public string Fingerprint { get; } = RunIdentity.Of(Configuration, Data).Fingerprint;

    public int StepsPerEpoch => Configuration.Recipe.StepsPerEpoch(Data.Train.Count);

    public int TotalSteps => Configuration.Recipe.TotalSteps(Data.Train.Count);

    public int Epochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>The batches of all epochs, starting after some steps.</summary>
    /// <param name="device">The device that receives the batches.</param>
    /// <param name="steps">The number of steps to skip.</param>
    public BatchLoader Batches(IDevice device, int steps) => new(
        device, Data.Train, Configuration.Recipe.BatchSize,
        Enumerable.Range(0, Epochs).Select(epoch => Shuffling.Order(Data.Train.Count, Configuration.Seed, epoch)),
        Configuration.Recipe.Augmentation == Augmentation.CropAndFlip ? new CropAndFlip(Configuration.Seed, Data.Train) : null, steps,
        Configuration.Recipe.Method.Replays);

    /// <summary>What the training method is created with.</summary>
    /// <param name="device">The device that computes the steps.</param>
    /// <param name="classifier">The classifier to train.</param>
    public MethodContext Method(IDevice device, Network classifier) =>
        new(Configuration.Recipe, Configuration.Seed, device, classifier, Data.Train.Shape);
}
