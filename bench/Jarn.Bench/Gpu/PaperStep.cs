using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Bench.Gpu;

/// <summary>
/// A JARN step as <c>jarn train --preset paper --dataset cifar10 --method jarn</c> takes it, update and noise included, on blank images.
/// </summary>
internal sealed class PaperStep : IDisposable
{
    private const int Extent = 32, Channels = 3, Classes = 10;

    // Any training this long has its last quarter in JARN's hands.
    private const int TotalSteps = 80_000;

    private readonly Network _classifier;
    private readonly TrainingMethod _method;
    private readonly Batch _batch;

    /// <param name="device">Where it is computed.</param>
    /// <param name="width">The Wide-ResNet's; the paper's is 10.</param>
    /// <param name="batch">Images; null for the recipe's.</param>
    public PaperStep(IDevice device, int? width = null, int? batch = null)
    {
        TrainOptions options = new() { Dataset = "cifar10", Method = JarnTraining.Definition.Name, Preset = "paper" };
        foreach ((string option, int? value) in new[] { ("width", width), ("batch-size", batch) }.Where(pair => pair.Item2 is not null))
        {
            options.Settings.Add(option, value);
        }
        Configuration = options.Resolve(device.Description.Kind);
        Recipe recipe = Configuration.Recipe;
        ImageSet images = new(
            new byte[recipe.BatchSize * Extent * Extent * Channels], new byte[recipe.BatchSize], Extent, Extent, Channels,
            [.. Enumerable.Range(0, Classes).Select(label => $"{label}")]);
        _classifier = Configuration.Classifier(images).Build(new Initializer(device, seed: 1, network: 0));
        _method = MethodDefinition.Create(new MethodContext(recipe, Configuration.Seed, device, _classifier, images.Shape));
        _batch = new Batch(device, images, recipe.BatchSize);
        device.RandomUniform(new RandomKey(2, 0), 0, 1, _batch.Images.Buffer);
        device.Fill(1.0 / Classes, _batch.Labels.Buffer);
    }

    public TrainingConfiguration Configuration { get; }

    /// <param name="discriminatorLearns">As it does in one step of <see cref="JarnSettings.DiscriminatorInterval"/>.</param>
    public void Run(bool discriminatorLearns) => _method.Step(
        _batch, new StepPosition(((JarnSettings)Configuration.Recipe.Method).FirstJarnStep(TotalSteps) + (discriminatorLearns ? 0 : 1), TotalSteps),
        readLosses: false);

    public void Dispose()
    {
        _batch.Dispose();
        _method.Dispose();
        _classifier.Dispose();
    }
}
