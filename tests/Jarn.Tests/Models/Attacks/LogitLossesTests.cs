using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class LogitLossesTests
{
    private delegate double Loss(ReadOnlySpan<float> logits, Span<float> cotangent);

    /// <summary>Labels that are the largest, in the middle and the smallest, at scales that saturate a softmax in float32.</summary>
    private static readonly float[][] Rows = [[1, 2.5f, -3, 0.25f, 2], [-40, 60, 10, 5, 30], [0.5f, 0.25f, 0.125f, 4, 8], [3, 300, -20, 100, 150]];

    private static IEnumerable<TestCaseData> Losses =>
    [
        new TestCaseData((Loss)((z, c) => LogitLosses.CrossEntropy(z, 1, c)), (Func<double[], double>)(z => Math.Log(z.Sum(v => Math.Exp(v - z[1])))))
            .SetArgDisplayNames("cross-entropy"),
        new TestCaseData((Loss)((z, c) => LogitLosses.DifferenceRatio(z, 1, c)),
            (Func<double[], double>)(z => -(z[1] - z.Where((_, i) => i != 1).Max()) / (Nth(z, 0) - Nth(z, 2))))
            .SetArgDisplayNames("difference ratio"),
        new TestCaseData((Loss)((z, c) => LogitLosses.TargetedDifferenceRatio(z, 1, 3, c)),
            (Func<double[], double>)(z => -(z[1] - z[3]) / (Nth(z, 0) - ((Nth(z, 2) + Nth(z, 3)) / 2))))
            .SetArgDisplayNames("targeted difference ratio"),
    ];

    [TestCaseSource(nameof(Losses))]
    public void A_loss_is_its_formula_and_its_cotangent_the_difference_quotient_of_that(object loss, Func<double[], double> formula)
    {
        foreach (float[] row in Rows)
        {
            float[] cotangent = new float[row.Length];
            double[] z = [.. row.Select(value => (double)value)];
            Assert.That(((Loss)loss)(row, cotangent), Is.EqualTo(formula(z)).Within(1e-11 * Math.Max(1, Math.Abs(formula(z)))));
            for (int i = 0; i < z.Length; i++)
            {
                const double step = 1e-5;
                double Shifted(double shift) => formula([.. z.Select((value, k) => k == i ? value + shift : value)]);
                double quotient = (Shifted(step) - Shifted(-step)) / (2 * step);
                Assert.That(cotangent[i], Is.EqualTo(quotient).Within(1e-6), $"({string.Join(", ", row)})[{i}]");
            }
        }
    }

    [Test]
    public void The_cross_entropy_of_a_saturated_softmax_has_a_value_and_a_slope()
    {
        float[] cotangent = new float[3];
        Assert.That(LogitLosses.CrossEntropy([50, 0, -10], 0, cotangent), Is.EqualTo(Math.Exp(-50) + Math.Exp(-60)).Within(1e-12).Percent);
        Assert.That(cotangent[0], Is.EqualTo(-(float)(Math.Exp(-50) + Math.Exp(-60))));
        Assert.That(cotangent[1], Is.EqualTo((float)Math.Exp(-50)).Within(1e-5).Percent);
        // Far on the wrong side the loss is the difference of the logits, and nothing overflows.
        Assert.That(LogitLosses.CrossEntropy([-3e4f, 2e4f, 1e4f], 0, cotangent), Is.EqualTo(5e4));
        Assert.That(cotangent, Is.EqualTo(new float[] { -1, 1, 0 }));
    }

    [Test]
    public void Ratios_of_equal_logits_are_zero_and_scaling_the_logits_changes_no_ratio()
    {
        float[] cotangent = new float[4];
        Assert.That(LogitLosses.DifferenceRatio([2, 2, 2, 2], 1, cotangent), Is.Zero);
        Assert.That(LogitLosses.TargetedDifferenceRatio([2, 2, 2, 2], 1, 0, cotangent), Is.Zero);
        Assert.That(cotangent, Has.All.Matches<float>(float.IsFinite));
        Assert.That(
            LogitLosses.DifferenceRatio([4e4f, 1e4f, -2e4f, 3e4f], 0, cotangent),
            Is.EqualTo(LogitLosses.DifferenceRatio([4, 1, -2, 3], 0, cotangent)).Within(1e-10));
    }

    private static double Nth(double[] values, int rank) => values.OrderDescending().ElementAt(rank);
}
