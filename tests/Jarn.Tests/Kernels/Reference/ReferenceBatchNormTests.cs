using Jarn.Kernels;
using static Jarn.Tests.Kernels.Reference.Adjoints;

namespace Jarn.Tests.Kernels.Reference;

/// <summary>Batch norm's first and second derivatives against central differences of the order below, μ and r recomputed at every point.</summary>
public sealed class ReferenceBatchNormTests
{
    private const int Channels = 3;
    private const double Step = 1e-5;

    private static readonly BatchNormGeometry Geometry = new(7, Channels, 1e-3);
    private static readonly int Length = Geometry.Length;

    [Test]
    public void By_hand()
    {
        // μ = 2 and 10; σ² = 1 and 4, and with ε = 0 both channels normalise to ∓1.
        double[][] results = Run(
            [4, 2, 2], (d, x, y) => d.BatchNorm(x[0], x[1], x[2], new BatchNormGeometry(2, 2, 0), y[0], y[1], y[2]), [1, 12, 3, 8], [5, 1], [0, 100]);
        Assert.Multiple(() =>
        {
            Assert.That(results[0], Is.EqualTo(new double[] { -5, 101, 5, 99 }).Within(1e-12));
            Assert.That(results[1], Is.EqualTo(new double[] { 2, 10 }).Within(1e-12));
            Assert.That(results[2], Is.EqualTo(new[] { 1, 0.5 }).Within(1e-12));
        });
    }

    /// <summary>d⟨g, y⟩ along a direction of (x, γ, β) is ⟨(x̄, γ̄, β̄), direction⟩.</summary>
    [Test]
    public void Its_gradient_is_that_of_the_forward_pass()
    {
        double[][] point = [Normal(Length, seed: 1), Normal(Channels, seed: 2), Normal(Channels, seed: 3)];
        double[] g = Normal(Length, seed: 4);
        double[][] gradient = Gradient(point[0], point[1], g);
        AssertDerivative(p => Inner(Forward(p)[0], g), point, gradient);
    }

    /// <summary>The same of ⟨v, x̄⟩ + ⟨a, γ̄⟩ + ⟨b, β̄⟩ along a direction of (x, γ, g).</summary>
    [Test]
    public void Its_gradients_gradient_is_that_of_the_gradient()
    {
        double[][] point = [Normal(Length, seed: 5), Normal(Channels, seed: 6), Normal(Length, seed: 7)];
        double[][] cotangents = [Normal(Length, seed: 8), Normal(Channels, seed: 9), Normal(Channels, seed: 10)];
        double[][] statistics = Forward([point[0], point[1], new double[Channels]]);
        double[][] second = Run(
            [Length, Channels, Length],
            (d, x, y) => d.BatchNormGradientGradient(
                new BatchNormGradientInputs(x[0], x[1], x[2], x[3], x[4], x[1]), new BatchNormSecondCotangents(x[5], x[6], x[7]), Geometry, y[0],
                y[1], y[2]),
            [.. point, statistics[1], statistics[2], .. cotangents]);
        AssertDerivative(p => Gradient(p[0], p[1], p[2]).Zip(cotangents, Inner).Sum(), point, second);
    }

    private static double[][] Forward(double[][] point) =>
        Run([Length, Channels, Channels], (d, x, y) => d.BatchNorm(x[0], x[1], x[2], Geometry, y[0], y[1], y[2]), point);

    private static double[][] Gradient(double[] x, double[] gamma, double[] g)
    {
        double[][] statistics = Forward([x, gamma, new double[Channels]]);
        return Run(
            [Length, Channels, Channels],
            (d, i, o) => d.BatchNormGradient(new BatchNormGradientInputs(i[0], i[1], i[2], i[3], i[4], i[1]), Geometry, o[0], o[1], o[2]),
            x, gamma, g, statistics[1], statistics[2]);
    }

    /// <summary>One argument at a time in random directions, so that no argument's error hides behind another's derivative.</summary>
    private static void AssertDerivative(Func<double[][], double> function, double[][] point, double[][] gradient)
    {
        Assert.Multiple(() =>
        {
            for (int argument = 0; argument < point.Length; argument++)
            {
                for (int seed = 20; seed < 23; seed++)
                {
                    double[] direction = Normal(point[argument].Length, seed);
                    double numerical = (function(Moved(argument, direction, Step)) - function(Moved(argument, direction, -Step))) / (2 * Step);
                    Assert.That(
                        Inner(gradient[argument], direction), Is.EqualTo(numerical).Within(1e-7 * (1 + Math.Abs(numerical))), $"argument {argument}");
                }
            }
        });

        double[][] Moved(int argument, double[] direction, double step) =>
            [.. point.Select((values, i) => i == argument ? [.. values.Zip(direction, (value, d) => value + (step * d))] : values)];
    }
}
