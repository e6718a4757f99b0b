using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Runner;

public sealed class RecipeCostTests
{
    private static readonly ImageSet Colours = new(new byte[4 * 32 * 32 * 3], new byte[4], 32, 32, 3, ["one", "two"]);

    [Test]
    public void A_device_whose_steps_are_proportional_to_units_and_images_is_estimated_exactly(
        [ValueSource(typeof(TestMethods), nameof(TestMethods.Names))] string method, [Values(8, 14, 32)] int depth)
    {
        TrainingConfiguration configuration = Configuration(Preset.Paper, method, ("depth", depth));
        double PlainStep(int layers, int images) => images * (0.02 + (0.03 * (layers - 2) / 6));
        double Factor(string name, StepPosition position) =>
            (name == "standard" ? 1 : 1.5) + (name.StartsWith("jarn", StringComparison.Ordinal) && position.Index >= 60_000 ? 2 : 0);

        RecipeCost cost = RecipeCost.Estimate(
            configuration, Colours,
            (trial, images, position) => PlainStep(((WideResNetSettings)trial.Recipe.Network).Depth, images) * Factor(trial.Method, position));

        double expected = Enumerable.Range(0, 80_000).Sum(step => PlainStep(depth, 128) * Factor(method, new StepPosition(step, 80_000)));
        Assert.That((cost.Steps, cost.BatchSize), Is.EqualTo((80_000, 128)));
        Assert.That(cost.Duration.TotalSeconds, Is.EqualTo(expected).Within(1e-6 * expected));
    }

    [Test]
    public void It_measures_training_steps_and_leaves_no_memory_lent([Values("standard", "jarn-at1")] string method)
    {
        using CpuDevice device = new(threads: 1);
        TrainingConfiguration configuration = Configuration(
            Preset.Small, method, ("steps", 100), ("batch-size", 2), ("discriminator-widths", new[] { 2, 4 }));
        RecipeCost cost = RecipeCost.Measure(device, configuration, Colours);
        Assert.That(cost.Duration.TotalSeconds, Is.Positive.And.LessThan(100));
        Assert.That(device.Memory.LentBuffers, Is.Zero);
    }

    [TestCase(13.4 * 86_400, "13 days")]
    [TestCase(47 * 3600, "47 hours")]
    [TestCase(119 * 60, "119 minutes")]
    [TestCase(60, "60 seconds")]
    public void A_duration_is_said_in_its_largest_unit(double seconds, string words) =>
        Assert.That(new RecipeCost(TimeSpan.FromSeconds(seconds), 1, 1).InWords, Is.EqualTo(words));

    private static TrainingConfiguration Configuration(Preset preset, string method, params (string Option, object? Value)[] settings) =>
        new TrainOptions { Method = method }.Resolve(DeviceKind.Cpu) with
        {
            Recipe = TrainingConfiguration.PresetRecipe(preset, "cifar10", method)
                .Override(settings.ToDictionary(pair => pair.Option, pair => pair.Value)),
        };
}
