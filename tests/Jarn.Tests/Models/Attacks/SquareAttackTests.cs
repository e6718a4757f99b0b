using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class SquareAttackTests
{
    /// <summary>
    /// Two classes of 6×7 pixels: the worst case of x is then z_y − z_t − Σ |w| min(ε, room), which random search can find pixel by pixel. The last
    /// line and column, which squares don't reach, have no weight.
    /// </summary>
    private static readonly LinearClassifier TwoClasses = WithoutLastLines(new Random(8));

    /// <summary>Nothing changes its logits.</summary>
    private static LinearClassifier Constant(int extent, int channels) =>
        new(extent, extent, channels, [new float[extent * extent * channels], new float[extent * extent * channels]], [1, 0]);

    [Test]
    public void It_finds_what_a_linear_classifiers_worst_case_allows_and_no_more()
    {
        AttackedImages images = TwoClasses.Images(1, 20, 0, 1);
        double[] distances = [.. Enumerable.Range(0, images.Count).Select(image => Distance(images.Row(image).ToArray(), images.Labels[image]))];
        double middle = distances.Order().ElementAt(10), epsilon = middle * 1.0001;
        SquareAttack attack = new(ThreatModel.LInf(epsilon), 1);
        Attacked attacked = Attacked.By(attack, TwoClasses, images);
        attacked.AssertSound(attack, TwoClasses, images);
        Assert.That(attacked.Found, Is.EqualTo(distances.Select(distance => distance <= epsilon)));
    }

    [Test]
    public void It_asks_for_logits_alone_within_the_budget_and_for_nothing_once_an_image_has_fallen()
    {
        AttackedImages standing = new(new float[3 * 64], [0, 0, 0], [0, 1, 2]), fallen = standing with { Labels = [1, 0, 1] };
        Assert.Multiple(() =>
        {
            Assert.That(Attacked.By(new SquareAttack(ThreatModel.LInf(0.1), 0, queries: 700), Constant(8, 1), standing).Passes,
                Is.EqualTo(new PassCount(2100, 0)));
            Assert.That(Attacked.By(new SquareAttack(ThreatModel.LInf(0.1), 0, queries: 700), Constant(8, 1), fallen).Passes,
                Is.EqualTo(new PassCount(704, 0)), "a fallen image is asked about once more");
        });
    }

    /// <summary>
    /// What is asked after the stripes is the best so far with one square of the schedule's side in it, at x ± ε clamped to [0, 1] and one sign a
    /// channel: so the margin never rises, and a square that raised it is gone.
    /// </summary>
    [Test]
    public void Every_query_is_the_best_so_far_with_one_square_changed()
    {
        const float Epsilon = 0.002f;
        AttackedImages images = TwoClasses.Images(2, 1, 0, 1);
        List<float[]> asked = Ask(TwoClasses, images, Epsilon, 600);
        float[] best = asked[0], x = images.Pixels;
        int improvements = 0;
        for (int i = 0; i < x.Length; i++)
        {
            Assert.That(best[i] == Math.Clamp(x[i] + Epsilon, 0, 1) || best[i] == Math.Clamp(x[i] - Epsilon, 0, 1));
            Assert.That(best[i] > x[i], Is.EqualTo(best[i % 14] > x[i % 14]).Or.EqualTo(false), "a stripe has one sign");
        }
        foreach (float[] query in asked.Skip(1))
        {
            int[] changed = [.. Enumerable.Range(0, x.Length).Where(i => query[i] != best[i])];
            Assert.That(Extent(changed, 7, 2), Is.AtMost(6));
            foreach (IGrouping<int, int> channel in changed.GroupBy(i => i % 2))
            {
                Assert.That(channel.Select(i => query[i] > best[i]).Distinct().Count(), Is.EqualTo(1));
            }
            Assert.That(
                changed.Select(i => query[i] == Math.Clamp(x[i] + Epsilon, 0, 1) || query[i] == Math.Clamp(x[i] - Epsilon, 0, 1)), Has.All.True);
            if (Margin(query) < Margin(best))
            {
                (best, improvements) = (query, improvements + 1);
            }
        }
        Assert.That(improvements, Is.GreaterThan(10));

        float Margin(float[] image)
        {
            double[] z = TwoClasses.Scores(image);
            return (float)z[images.Labels[0]] - (float)z[1 - images.Labels[0]];
        }
    }

    /// <summary>p = 0.8 of 28 × 28 pixels has the side 25.04; it is halved after the 11th, 51st, … square, whatever the budget.</summary>
    [Test]
    public void Squares_shrink_as_published()
    {
        AttackedImages images = new([.. Enumerable.Repeat(0.5f, 28 * 28)], [0], [0]);
        List<float[]> asked = Ask(Constant(28, 1), images, 0.1, 5000);
        int[] extents = [.. asked.Select(query => Extent([.. Enumerable.Range(0, query.Length).Where(i => query[i] != asked[0][i])], 28, 1))];
        (int First, int Side)[] schedule = [(1, 25), (12, 18), (52, 13), (202, 9), (502, 6), (1002, 4), (2002, 3), (4002, 2), (5000, 0)];
        foreach (((int first, int side), (int next, _)) in schedule.Zip(schedule.Skip(1)))
        {
            // A square that hits stripes of its own sign alone changes nothing.
            Assert.That(extents[first..next].Where(extent => extent > 0).Distinct(), Is.EqualTo(new[] { side }), $"squares from {first} on");
        }
    }

    [Test]
    public void Squares_lie_anywhere_but_in_the_last_line_and_column()
    {
        AttackedImages images = new([.. Enumerable.Repeat(0.5f, 64)], [0], [0]);
        List<float[]> asked = Ask(Constant(8, 1), images, 0.1, 2000);
        int[] reached = [.. Enumerable.Range(0, 64).Where(i => asked.Skip(1200).Any(query => query[i] != asked[0][i]))];
        Assert.That(reached, Is.EqualTo(Enumerable.Range(0, 64).Where(i => i / 8 < 7 && i % 8 < 7)));
    }

    [Test]
    public void An_images_squares_follow_seed_and_place_alone()
    {
        AttackedImages images = TwoClasses.Images(3, 9, 0, 1);
        SquareAttack attack = new(ThreatModel.LInf(0.15), 5, queries: 300);
        Attacked.AssertIndependentOfBatching(attack, TwoClasses, images);
        Assert.That(Attacked.By(attack, TwoClasses, images).Found, Does.Contain(true));

        AttackedImages image = images.Select([0]), elsewhere = image with { Indices = [77] };
        float[] First(AttackedImages of, ulong seed) => [.. Ask(TwoClasses, of, 0.02, 3, seed).SelectMany(query => query)];
        Assert.That(First(image, 6), Is.Not.EqualTo(First(image, 5)));
        Assert.That(First(elsewhere, 5), Is.Not.EqualTo(First(image, 5)));
    }

    private static LinearClassifier WithoutLastLines(Random random)
    {
        float[] Weights() => [.. Enumerable.Range(0, 84).Select(i => i / 14 == 5 || i / 2 % 7 == 6 ? 0 : (random.NextSingle() * 2) - 1)];
        return new LinearClassifier(6, 7, 2, [Weights(), Weights()], [0.1f, -0.1f]);
    }

    private static List<float[]> Ask(LinearClassifier classifier, AttackedImages images, double epsilon, int queries, ulong seed = 0)
    {
        List<float[]> asked = [];
        classifier.Asked = asked.Add;
        Attacked.By(new SquareAttack(ThreatModel.LInf(epsilon), seed, queries), classifier, images);
        classifier.Asked = null;
        return asked;
    }

    /// <summary>The side of the smallest square around pixels.</summary>
    private static int Extent(int[] pixels, int width, int channels)
    {
        int[] lines = [.. pixels.Select(i => i / channels / width)], columns = [.. pixels.Select(i => i / channels % width)];
        return pixels.Length == 0 ? 0 : 1 + Math.Max(lines.Max() - lines.Min(), columns.Max() - columns.Min());
    }

    private static double Distance(float[] x, int label)
    {
        double[] normal = TwoClasses.Direction(label, 1 - label), scores = TwoClasses.Scores(x);
        double[] rooms = [.. normal.Zip(x, (w, t) => w > 0 ? 1.0 - t : t)];
        return BoxProjectionTests.RadiusBySorting(normal, rooms, scores[label] - scores[1 - label]);
    }
}
