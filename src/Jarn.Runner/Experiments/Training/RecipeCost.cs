using System.Diagnostics;
using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>How long a recipe would take on a device, estimated from a few timed steps.</summary>
/// <param name="Duration">The time of the training alone.</param>
/// <param name="Steps">The number of steps in the training.</param>
/// <param name="BatchSize">The number of images in a step.</param>
/// <remarks>
/// The paper's Wide-ResNet needs some 5 GB and, on two cores, 11 s for a plain step of 128 images: both are more than an estimate may cost. Its
/// time is that of 8 layers and a multiple of what 14 layers take beyond that, a unit more in each stage. From 32 images on an image's share
/// hardly falls: 0.20 s of one core at 32, 0.18 s at 64 and at 128. What a method costs in plain steps is measured on 4 images: JARN 1.8 for
/// 2.1 on 32 images, PGD-AT7 4.7 for 5.4. So the plain step's estimate came out a quarter too high, the methods' a tenth.
/// </remarks>
public sealed record RecipeCost(TimeSpan Duration, int Steps, int BatchSize)
{
    private const int PlainBatch = 32, MethodBatch = 4, ShallowDepth = 8, DeeperDepth = 14;

    private static readonly TimeSpan LeastMeasured = TimeSpan.FromSeconds(0.2);

    /// <summary>The seconds that a step of a configuration takes.</summary>
    public delegate double StepTimer(TrainingConfiguration configuration, int batchSize, StepPosition position);

    /// <summary>The duration with a fitting unit, such as "13 days".</summary>
    public string InWords => Words(Duration);

    /// <summary>Spent on an image of a batch.</summary>
    public double SecondsPerImage => Duration.TotalSeconds / Steps / BatchSize;

    /// <inheritdoc cref="InWords"/>
    public static string Words(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 2 } => Rounded(duration.TotalDays, "days"),
        { TotalHours: >= 2 } => Rounded(duration.TotalHours, "hours"),
        { TotalMinutes: >= 2 } => Rounded(duration.TotalMinutes, "minutes"),
        _ => Rounded(duration.TotalSeconds, "seconds"),
    };

    /// <summary>
    /// Times a few steps. This takes some seconds, and for the paper's Wide-ResNet 1.3 GB of a device that should be disposed of afterwards.
    /// </summary>
    /// <param name="device">A device that nothing else uses meanwhile.</param>
    public static RecipeCost Measure(IDevice device, TrainingConfiguration configuration, ImageSet images) =>
        Estimate(configuration, images, (trial, batchSize, position) => SecondsOfStep(device, trial, images, batchSize, position));

    /// <param name="timer">Times one step.</param>
    public static RecipeCost Estimate(TrainingConfiguration configuration, ImageSet images, StepTimer timer)
    {
        Recipe recipe = configuration.Recipe;
        int total = recipe.TotalSteps(images.Count);
        // Only a network that is known at other depths is measured on fewer images than the recipe's.
        IScalableDepth? scalable = recipe.Network as IScalableDepth;
        int plainBatch = scalable is null ? recipe.BatchSize : Math.Min(PlainBatch, recipe.BatchSize);
        int methodBatch = scalable is null ? recipe.BatchSize : Math.Min(MethodBatch, recipe.BatchSize);
        double Seconds(MethodSettings method, int depth, int batchSize, int step = 0)
        {
            Recipe trial = recipe with { Method = method, Network = scalable?.WithDepth(depth) ?? recipe.Network };
            return timer(configuration with { Recipe = trial }, batchSize, new StepPosition(step, total));
        }

        MethodSettings standard = new StandardSettings();
        double unit = Seconds(standard, ShallowDepth, methodBatch), plainSteps = 0;
        int[] starts = [.. recipe.Method.Phases.Select(share => (int)Math.Ceiling((decimal)share * total))];
        for (int phase = 0; phase < starts.Length; phase++)
        {
            int length = (phase + 1 < starts.Length ? starts[phase + 1] : total) - starts[phase];
            // The second step of a phase: in JARN's first the discriminator learns, in most it does not.
            plainSteps += length == 0 ? 0 : length * Seconds(recipe.Method, ShallowDepth, methodBatch, starts[phase] + 1) / unit;
        }
        double plain = Seconds(standard, ShallowDepth, plainBatch);
        if (scalable is not null && scalable.Depth != ShallowDepth)
        {
            double deeper = Seconds(standard, DeeperDepth, plainBatch);
            plain += (deeper - plain) * (scalable.Depth - ShallowDepth) / (DeeperDepth - ShallowDepth);
        }
        return new RecipeCost(TimeSpan.FromSeconds(plainSteps * plain * recipe.BatchSize / plainBatch), total, recipe.BatchSize);
    }

    /// <summary>The fastest of two or more: the first one also waits for the just-in-time compiler and for new memory.</summary>
    private static double SecondsOfStep(IDevice device, TrainingConfiguration configuration, ImageSet images, int batchSize, StepPosition position)
    {
        using Network classifier = configuration.Classifier(images).Build(new Initializer(device, configuration.Seed, network: 0));
        using TrainingMethod method = MethodDefinition.Create(
            new MethodContext(configuration.Recipe, configuration.Seed, device, classifier, images.Shape));
        using BatchLoader batches = new(device, images, batchSize, [[.. Enumerable.Range(0, batchSize).Select(index => index % images.Count)]]);
        Batch batch = batches.Next();
        TimeSpan fastest = TimeSpan.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        for (int step = 0; step < 2 || Stopwatch.GetElapsedTime(begin) < LeastMeasured; step++)
        {
            long start = Stopwatch.GetTimestamp();
            method.Step(batch, position, readLosses: false);
            device.Synchronize();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            fastest = elapsed < fastest ? elapsed : fastest;
        }
        return fastest.TotalSeconds;
    }

    private static string Rounded(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0} {(Math.Round(value) == 1 ? unit.TrimEnd('s') : unit)}");
}
