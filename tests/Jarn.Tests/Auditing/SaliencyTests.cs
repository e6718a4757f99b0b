using Jarn.Models;

namespace Jarn.Tests.Auditing;

public sealed class SaliencyTests
{
    [Test]
    public void The_alignment_of_a_linear_classifier_is_its_distance_to_the_boundary()
    {
        float[] x = [3, 4], gradient = [0, 2];
        Assert.That(Saliency.AlignmentOf(x, gradient), Is.EqualTo(4).Within(1e-12), "the plane ⟨x, g⟩ = 0 lies 4 below");
        Assert.That(Saliency.AlignmentOf(x, [0, -0.1f]), Is.EqualTo(4).Within(1e-12), "neither sign nor length of g count");
        Assert.That(Saliency.AlignmentOf(x, [4, -3]), Is.Zero);
    }

    [Test]
    public void A_mean_has_the_standard_error_of_its_values()
    {
        Estimate estimate = Estimate.Of([1, 2, 3, 4]);
        Assert.That(estimate.Mean, Is.EqualTo(2.5));
        Assert.That(estimate.StandardError, Is.EqualTo(Math.Sqrt(5.0 / 3 / 4)).Within(1e-12));
        Assert.That(Estimate.Of([7]), Is.EqualTo(new Estimate(7, 0)));
    }

    [Test]
    public void Structural_similarity_is_1_for_an_image_and_itself_and_less_for_any_other()
    {
        float[] image = Noise(1, 13 * 14 * 2), other = Noise(2, 13 * 14 * 2), inverted = [.. image.Select(pixel => 1 - pixel)];
        Assert.That(StructuralSimilarity.Of(image, image, 13, 14, 2), Is.EqualTo(1).Within(1e-12));
        Assert.That(StructuralSimilarity.Of(image, other, 13, 14, 2), Is.InRange(-0.3, 0.3));
        Assert.That(StructuralSimilarity.Of(image, inverted, 13, 14, 2), Is.LessThan(-0.5));
        Assert.That(StructuralSimilarity.Of(image, other, 13, 14, 2), Is.EqualTo(StructuralSimilarity.Of(other, image, 13, 14, 2)).Within(1e-12));
    }

    [TestCase(8, 8)]
    [TestCase(1, 20)]
    public void Structural_similarity_takes_images_that_are_smaller_than_its_window(int height, int width)
    {
        float[] image = Noise(1, height * width), other = Noise(2, height * width);
        Assert.That(StructuralSimilarity.Of(image, image, height, width, 1), Is.EqualTo(1).Within(1e-12));
        Assert.That(StructuralSimilarity.Of(image, other, height, width, 1), Is.LessThan(0.9));
    }

    [Test]
    public void Structural_similarity_is_what_the_definition_says()
    {
        const int height = 12, width = 15;
        float[] a = Noise(3, height * width), b = [.. Noise(4, height * width).Zip(a, (noise, pixel) => (noise + pixel) / 2)];
        double total = 0;
        int windows = 0;
        for (int top = 0; top + 11 <= height; top++)
        {
            for (int left = 0; left + 11 <= width; left++)
            {
                (double Weight, double A, double B)[] window =
                [
                    .. from row in Enumerable.Range(0, 11)
                       from column in Enumerable.Range(0, 11)
                       let weight = Math.Exp(-(((row - 5) * (row - 5)) + ((column - 5) * (column - 5))) / 4.5)
                       let place = ((top + row) * width) + left + column
                       select (weight, (double)a[place], (double)b[place]),
                ];
                double sum = window.Sum(tap => tap.Weight);
                double Mean(Func<double, double, double> value) => window.Sum(tap => tap.Weight * value(tap.A, tap.B)) / sum;
                double meanA = Mean((x, _) => x), meanB = Mean((_, y) => y);
                double varianceA = Mean((x, _) => (x - meanA) * (x - meanA)), varianceB = Mean((_, y) => (y - meanB) * (y - meanB));
                double covariance = Mean((x, y) => (x - meanA) * (y - meanB));
                total += ((2 * meanA * meanB) + 1e-4) * ((2 * covariance) + 9e-4)
                    / (((meanA * meanA) + (meanB * meanB) + 1e-4) * (varianceA + varianceB + 9e-4));
                windows++;
            }
        }
        Assert.That(StructuralSimilarity.Of(a, b, height, width, 1), Is.EqualTo(total / windows).Within(1e-9));
    }

    private static float[] Noise(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }
}
