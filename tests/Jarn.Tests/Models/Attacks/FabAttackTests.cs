using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class FabAttackTests
{
    private static readonly ThreatModel Small = ThreatModel.LInf(0.03);

    private static readonly LinearClassifier Classifier = LinearClassifier.Random(3, 5, 6, 2, classes: 4);

    private static IEnumerable<FabAttack> Variants =>
        [new(Small, 0, targeted: true), new(Small, 0, targeted: false), new(Small, 0, targeted: true, restarts: 2)];

    /// <summary>
    /// The nearest point of another class t is at the radius where Σ |w_t − w_y|ᵢ min(λ, roomᵢ) = z_y − z_t; away from the sides of the box that is
    /// (z_y − z_t)/‖w_t − w_y‖₁.
    /// </summary>
    [TestCaseSource(nameof(Variants))]
    public void The_norm_is_a_linear_classifiers_distance_to_the_boundary(FabAttack attack)
    {
        Assert.Multiple(() =>
        {
            Minimize(Classifier.Images(1, 12, 0.45f, 0.55f), boxed: false);
            Minimize(Classifier.Images(2, 12, -0.8f, 1.8f), boxed: true);
        });

        void Minimize(AttackedImages images, bool boxed)
        {
            float[] adversarial = new float[images.Pixels.Length], norms = new float[images.Count];
            attack.Minimize(Classifier, images, adversarial, norms);
            int bound = 0;
            for (int image = 0; image < images.Count; image++)
            {
                float[] x = images.Row(image).ToArray(), perturbed = adversarial.Chunk(x.Length).ElementAt(image);
                (double free, double nearest) = Distances(x, images.Labels[image]);
                bound += nearest > free * 1.001 ? 1 : 0;
                // In the box the nearest x′ that was met isn't straight behind the plane's nearest point, and the final search keeps to its segment.
                Assert.That(norms[image], Is.InRange(nearest * (1 - 1e-5), nearest * (boxed ? 1.01 : 1.0001)), $"image {image}");
                Assert.That(norms[image], Is.EqualTo(x.Zip(perturbed, (a, b) => Math.Abs(a - b)).Max()));
                Assert.That(perturbed, Has.All.InRange(0, 1));
            }
            Assert.That(bound, boxed ? Is.AtLeast(images.Count / 2) : Is.Zero);
        }
    }

    /// <summary>
    /// Class c of twelve has the logit −c/10 and two pixels of its own with the weights ±c²/5, so that its boundary is at the distance 1/(4c): the
    /// nearest of all is the class whose logit is smallest, and the nearest of the nine targets is class 9.
    /// </summary>
    [TestCase(true, 9)]
    [TestCase(false, 11)]
    public void Targets_are_the_nine_classes_next_to_the_true_one_by_their_logits(bool targeted, int nearest)
    {
        float[][] weights =
        [
            .. Enumerable.Range(0, 12)
                .Select(c => Enumerable.Range(0, 24).Select(i => i / 2 != c ? 0 : i % 2 == 0 ? c * c / 5f : c * c / -5f).ToArray()),
        ];
        LinearClassifier classifier = new(4, 3, 2, weights, [.. Enumerable.Range(0, 12).Select(c => c / -10f)]);
        float[] adversarial = new float[24], norm = new float[1];
        new FabAttack(ThreatModel.LInf(0.03), 0, targeted)
            .Minimize(classifier, new AttackedImages([.. Enumerable.Repeat(0.5f, 24)], [0], [0]), adversarial, norm);
        Assert.That(norm[0], Is.EqualTo(0.25 / nearest).Within(0.01).Percent);
    }

    [TestCaseSource(nameof(Variants))]
    public void Images_within_epsilon_are_found_and_cost_no_more(FabAttack attack)
    {
        AttackedImages images = Classifier.Images(4, 30, 0.2f, 0.8f);
        bool[] near =
        [
            .. Enumerable.Range(0, images.Count)
                .Select(image => Distances(images.Row(image).ToArray(), images.Labels[image]).Nearest <= attack.Threat.Epsilon),
        ];
        Assert.That(near, Does.Contain(true).And.Contain(false));
        Attacked attacked = Attacked.By(attack, Classifier, images);
        attacked.AssertSound(attack, Classifier, images);
        Assert.That(attacked.Found, Is.EqualTo(near));

        int[] far = [.. Enumerable.Range(0, images.Count).Where(image => !near[image])];
        PassCount most = attack.MostPasses(Classifier.Classes), ofFar = Attacked.By(attack, Classifier, images.Select(far)).Passes;
        PassCount ofAll = attacked.Passes;
        Assert.Multiple(() =>
        {
            Assert.That(ofFar, Is.EqualTo(new PassCount(most.Forward * far.Length, most.Backward * far.Length)));
            Assert.That((ofAll - ofFar).Forward, Is.LessThan(most.Forward * (images.Count - far.Length) / 4));
        });
    }

    [TestCaseSource(nameof(Variants))]
    public void What_is_wrong_already_has_the_norm_zero(FabAttack attack)
    {
        AttackedImages images = Classifier.Images(5, 4, 0.2f, 0.8f);
        images = images with { Labels = [.. images.Labels.Select(label => (label + 1) % 4)] };
        Attacked attacked = Attacked.By(attack, Classifier, images);
        Assert.That(attacked.Found, Has.All.True);
        Assert.That(attacked.Adversarial, Is.EqualTo(images.Pixels));
    }

    [TestCaseSource(nameof(Variants))]
    public void Batching_changes_no_bit(FabAttack attack) => Attacked.AssertIndependentOfBatching(attack, Classifier, Classifier.Images(6, 12, 0, 1));

    /// <summary>
    /// The first search starts at the image; another one at half of ε from it, wherever its seed and its place in the data set say.
    /// </summary>
    [Test]
    public void Restarts_begin_at_random_at_half_of_epsilon()
    {
        AttackedImages images = Classifier.Images(7, 5, 0.45f, 0.55f), elsewhere = images with { Indices = [5, 6, 7, 8, 9] };
        float[] first = SecondStart(1, images);
        Assert.That(SecondStart(1, images), Is.EqualTo(first));
        Assert.That(SecondStart(2, images), Is.Not.EqualTo(first));
        Assert.That(SecondStart(1, elsewhere), Is.Not.EqualTo(first));
        for (int image = 0; image < images.Count; image++)
        {
            int begin = image * images.PixelsPerImage;
            double[] steps = [.. images.Row(image).ToArray().Zip(first[begin..(begin + images.PixelsPerImage)], (a, b) => (double)b - a)];
            Assert.That(steps.Max(Math.Abs), Is.EqualTo(0.005).Within(1e-7));
            Assert.That(steps.Distinct().Count(), Is.GreaterThan(steps.Length / 2));
        }

        static float[] SecondStart(ulong seed, AttackedImages of)
        {
            List<float[]> asked = Ask(Classifier, of, new FabAttack(ThreatModel.LInf(0.01), seed, targeted: false, restarts: 2, iterations: 1));
            // Clean logits; three gradients and logits of the first search; the second one's first gradient.
            Assert.That(asked[1], Is.EqualTo(of.Pixels));
            return asked[5];
        }
    }

    /// <summary>
    /// From a random start x¹, x² = clamp((1 − α)(x¹ + 1.05 d¹) + α(x + 1.05 d)) with d¹ and d the shortest steps from x¹ and from the image x to the
    /// plane, and α = min(‖d¹‖/(‖d¹‖ + ‖d‖), 0.1).
    /// </summary>
    [Test]
    public void A_step_mixes_the_projections_of_iterate_and_image()
    {
        LinearClassifier classifier = LinearClassifier.Random(8, 6, 7, 2, classes: 2);
        AttackedImages images = classifier.Images(1, 6, 0, 1);
        foreach (int image in Enumerable.Range(0, images.Count))
        {
            // Clean logits, gradient and logits of the first search, then those of the second. No x′ of the first is within so small an ε.
            List<float[]> asked = Ask(classifier, images.Select([image]), new FabAttack(ThreatModel.LInf(5e-3), 0, restarts: 2, iterations: 1));
            float[] x = asked[0], start = asked[3], next = asked[4];
            int label = images.Labels[image];
            (double[] ownStep, double own) = ToPlane(start);
            (double[] imagesStep, double others) = ToPlane(x);
            double share = Math.Min(own / (own + others), 0.1);
            double[] expected = [.. Enumerable.Range(0, x.Length).Select(i =>
                Math.Clamp(((1 - share) * (start[i] + (1.05 * ownStep[i]))) + (share * (x[i] + (1.05 * imagesStep[i]))), 0, 1))];
            Assert.That(next.Select(value => (double)value), Is.EqualTo(expected).Within(2e-6), $"image {image}");

            (double[] Step, double Norm) ToPlane(float[] point)
            {
                double[] normal = classifier.Direction(label, 1 - label), scores = classifier.Scores(point);
                double[] rooms = [.. normal.Zip(point, (w, t) => w > 0 ? 1.0 - t : t)];
                double radius = BoxProjectionTests.RadiusBySorting(normal, rooms, scores[label] - scores[1 - label]);
                return ([.. normal.Zip(rooms, (w, room) => Math.Sign(w) * Math.Min(radius, room))], radius);
            }
        }
    }

    private static List<float[]> Ask(LinearClassifier classifier, AttackedImages images, FabAttack attack)
    {
        List<float[]> asked = [];
        classifier.Asked = asked.Add;
        Attacked.By(attack, classifier, images);
        classifier.Asked = null;
        return asked;
    }

    /// <summary>Without and with the box.</summary>
    private static (double Free, double Nearest) Distances(float[] x, int label)
    {
        double[] scores = Classifier.Scores(x);
        double free = double.PositiveInfinity, nearest = double.PositiveInfinity;
        foreach (int other in Enumerable.Range(0, Classifier.Classes).Where(other => other != label))
        {
            double[] normal = Classifier.Direction(label, other);
            double gap = scores[label] - scores[other];
            double[] rooms = [.. normal.Zip(x, (w, t) => w > 0 ? 1.0 - t : t)];
            if (normal.Zip(rooms, (w, room) => Math.Abs(w) * room).Sum() >= gap)
            {
                nearest = Math.Min(nearest, BoxProjectionTests.RadiusBySorting(normal, rooms, gap));
            }
            free = Math.Min(free, gap / normal.Sum(Math.Abs));
        }
        return (free, nearest);
    }
}
