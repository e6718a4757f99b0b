using System.Diagnostics;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>The accuracy as a function of the perturbation size.</summary>
/// <param name="Images">The number of test images, counted from the first.</param>
/// <param name="Sizes">The perturbation sizes, starting with 0.</param>
/// <param name="Attacks">The attacks' names, each with one result per size.</param>
public sealed record Sweep(int Images, IReadOnlyList<double> Sizes, IReadOnlyList<(string Attack, IReadOnlyList<AttackResult> Results)> Attacks);

/// <summary>The mean loss about some images, see <see cref="LossSurface"/>.</summary>
public sealed record MeanSurface(int Images, double[,] Values);

/// <summary>The prediction of a classifier for an image.</summary>
/// <param name="Class">The name of the most likely class.</param>
/// <param name="Confidence">The softmax probability of the class.</param>
public sealed record Verdict(string Class, double Confidence)
{
    /// <summary>Class and confidence: ship (71 %).</summary>
    public string InWords =>
        double.IsFinite(Confidence) ? $"{Class} ({Titles.Number(100 * Confidence, "0")}\u00A0%)" : "none (the logits are not finite)";
}

/// <summary>A test image, its Jacobian, and what an attack makes of it.</summary>
/// <param name="Index">The image's index in the test set.</param>
/// <param name="Class">The name of the true class.</param>
/// <param name="Alignment">See <see cref="Jacobian.Alignment"/>; null where the gradient is exactly zero.</param>
public sealed record Specimen(
    int Index, string Class, GridImage Image, GridImage Jacobian, GridImage Perturbation, GridImage Adversarial, double? Alignment, Verdict Before,
    Verdict After);

/// <summary>
/// What a page shows of a classifier beyond its run's results. What would take long on this device is measured on fewer images, or left out (null).
/// </summary>
/// <param name="Sweep">Under the <see cref="SweepAttacks"/>.</param>
/// <param name="Surface">The mean loss around the first image of each class.</param>
/// <param name="Specimens">The first images of the classes, under <see cref="SpecimenAttack"/>.</param>
public sealed record RunFindings(Sweep? Sweep, MeanSurface? Surface, IReadOnlyList<Specimen> Specimens)
{
    /// <summary>Steps of the surface's axes reach twice as far as an attack may go.</summary>
    public const double SurfaceReach = 2;

    public const string SpecimenAttack = "pgd20";

    private const int SweepIterations = 20, MostSweepImages = 500, LeastSweepImages = 20, MostSpecimens = 10, SurfaceResolution = 21;

    /// <summary>The most seconds for each measurement of a sweep.</summary>
    private const double SweepPointBudget = 1;

    /// <summary>A sweep of the fewest images may take longer than its budget, up to this many seconds, before it is left out.</summary>
    private const double LongestSweep = 30;

    /// <summary>The most seconds for the surface, and for the specimens.</summary>
    private const double SurfaceBudget = 3;

    /// <summary>The same attack on a loss that may saturate, and on one that does not.</summary>
    public static IReadOnlyList<string> SweepAttacks { get; } = [$"pgd{SweepIterations}", $"pgd{SweepIterations}-margin"];

    /// <param name="device">The device that holds the classifier's parameters.</param>
    /// <param name="epsilon">ε in the recipe of the run.</param>
    /// <param name="seed">The seed of the attacks' random starts.</param>
    /// <param name="sweepImages">The number of images in the sweep, however long it takes; null to choose it by the time it takes.</param>
    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public static RunFindings Measure(
        IDevice device, Network classifier, ImageSet images, double epsilon, ulong seed, int? sweepImages, IDisplay display)
    {
        new Evaluator(Attacked(device, classifier, images), images.Limit(MostSweepImages)).Clean();
        double gradient = SecondsPerGradient(device, classifier, images, epsilon);
        double[] sizes = EpsilonSweep.Sizes(epsilon);
        int sweepPoints = SweepAttacks.Count * (sizes.Length - 1);
        double sweepCost = sweepPoints * SweepIterations * gradient;
        // Of a gradient's time about a third is the forward pass.
        double surfaceCost = SurfaceResolution * SurfaceResolution * gradient / 3;
        int? swept = sweepImages
            ?? (Affordable(LongestSweep, sweepCost, MostSweepImages) < LeastSweepImages ? null
                : Rounded(Affordable(sweepPoints * SweepPointBudget, sweepCost, MostSweepImages)));
        int surfaceImages = sweepImages is null ? Affordable(SurfaceBudget, surfaceCost, MostSpecimens) : MostSpecimens;
        int specimens = Math.Max(1, Affordable(SurfaceBudget, (SweepIterations + 1) * gradient, MostSpecimens));
        return new RunFindings(
            swept is int count ? MeasureSweep(device, classifier, images.Limit(count), sizes, seed, display) : null,
            surfaceImages == 0 ? null : MeasureSurface(device, classifier, images, surfaceImages, epsilon),
            MeasureSpecimens(device, classifier, images, specimens, epsilon, seed));
    }

    private static int Affordable(double budget, double cost, int most) => (int)Math.Min(most, budget / cost);

    /// <summary>A number that reads well.</summary>
    private static int Rounded(int count) =>
        count >= MostSweepImages ? MostSweepImages : count >= 200 ? 200 : count >= 100 ? 100 : count >= 50 ? 50 : LeastSweepImages;

    /// <summary>Seconds for the input gradient of one image, measured on few images if that is slow.</summary>
    private static double SecondsPerGradient(IDevice device, Network classifier, ImageSet images, double epsilon)
    {
        const int few = 2, many = 50, tries = 3;
        const double slow = 0.1;
        double Time(int count)
        {
            Evaluator evaluator = new(Attacked(device, classifier, images), images.Limit(count));
            Fgsm attack = new(ThreatModel.LInf(epsilon));
            double fastest = double.PositiveInfinity;
            // The first time kernels may be compiled and memory taken, and later ones may have to wait for other programs.
            for (int i = 0; i < tries; i++)
            {
                long start = Stopwatch.GetTimestamp();
                evaluator.Run(attack);
                fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            return fastest;
        }
        double seconds = Time(few);
        return seconds > slow ? seconds / few : Time(many) / Math.Min(many, images.Count);
    }

    private static Sweep MeasureSweep(IDevice device, Network classifier, ImageSet images, double[] sizes, ulong seed, IDisplay display)
    {
        Evaluator evaluator = new(Attacked(device, classifier, images), images);
        AttackResult clean = evaluator.Clean();
        List<(string, IReadOnlyList<AttackResult>)> attacks = [];
        display.Track("Measuring accuracy over ε for report.html", evaluator.Batches * SweepAttacks.Count * (sizes.Length - 1), update =>
        {
            long before = 0;
            foreach (string name in SweepAttacks)
            {
                List<AttackResult> results = [clean];
                foreach (double size in sizes.Where(size => size > 0))
                {
                    Attack attack = AttackDefinition.Named(name, ThreatModel.LInf(size), images.Channels, seed);
                    results.Add(evaluator.Run(attack, done => update(before + done, $"{name}, ε = {Titles.Epsilon(size)}")));
                    before += evaluator.Batches;
                }
                attacks.Add((name, results));
            }
        });
        return new Sweep(images.Count, sizes, attacks);
    }

    private static MeanSurface MeasureSurface(IDevice device, Network classifier, ImageSet images, int count, double epsilon)
    {
        using ImageProbe probe = new(device, images, count);
        return new MeanSurface(
            probe.Indices.Count, LossSurface.Compute(device, classifier, probe, SurfaceReach * epsilon, seed: 0, SurfaceResolution));
    }

    private static List<Specimen> MeasureSpecimens(IDevice device, Network classifier, ImageSet images, int count, double epsilon, ulong seed)
    {
        using ImageProbe probe = new(device, images, count);
        Attack attack = AttackDefinition.Named(SpecimenAttack, ThreatModel.LInf(epsilon), images.Channels, seed);
        float[] gradient = probe.Gradient(classifier);
        float[] adversarial = attack.Run(Attacked(device, classifier, images), images.Take(probe.Indices)).Perturbed;
        using Tensor perturbed = Tensor.From(device, probe.Images.Shape, adversarial);
        float[] difference = new float[adversarial.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            // −ε black, 0 grey, ε white.
            difference[i] = (float)(0.5 + ((adversarial[i] - probe.Values[i]) / (2 * epsilon)));
        }
        Verdict[] before = Verdicts(device, classifier, probe.Images, images), after = Verdicts(device, classifier, perturbed, images);
        return [.. probe.Indices.Select((index, place) =>
        {
            ReadOnlySpan<float> Pixels(float[] values) => values.AsSpan(place * images.PixelsPerImage, images.PixelsPerImage);
            GridImage Picture(ReadOnlySpan<float> values) => GridImage.FromFloats(images.Height, images.Width, images.Channels, values);
            ReadOnlySpan<float> jacobian = Pixels(gradient);
            return new Specimen(
                index, images.ClassNames[images.Labels[index]], Picture(Pixels(probe.Values)), Picture(Jacobian.Shades(jacobian)),
                Picture(Pixels(difference)), Picture(Pixels(adversarial)),
                jacobian.ContainsAnyExcept(0) ? Jacobian.Alignment(Pixels(probe.Values), jacobian) : null, before[place], after[place]);
        })];
    }

    private static AttackedNetwork Attacked(IDevice device, Network classifier, ImageSet images) =>
        new(device, classifier, images.Shape, images.ClassCount);

    private static Verdict[] Verdicts(IDevice device, Network classifier, Tensor x, ImageSet images)
    {
        using Tape tape = new(device);
        double[] logits = classifier.Forward(tape, x, BatchStatistics.Running).ToDoubles();
        int classes = images.ClassCount;
        return [.. Enumerable.Range(0, logits.Length / classes).Select(row =>
        {
            Span<double> scores = logits.AsSpan(row * classes, classes);
            int likeliest = 0;
            for (int label = 1; label < classes; label++)
            {
                likeliest = scores[label] > scores[likeliest] ? label : likeliest;
            }
            double total = 0;
            foreach (double score in scores)
            {
                total += Math.Exp(score - scores[likeliest]);
            }
            return new Verdict(images.ClassNames[likeliest], 1 / total);
        })];
    }
}
