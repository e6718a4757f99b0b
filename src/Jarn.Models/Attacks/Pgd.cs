using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// Madry et al. 2018: a random start in the ε-ball, then steps along the gradient's sign, each projected onto the ball and [0, 1]; the last
/// iterate counts.
/// </summary>
public sealed class Pgd(double epsilon, double stepSize, int iterations) : Attack($"pgd{iterations}", epsilon)
{
    public double StepSize { get; } = stepSize;

    public int Iterations { get; } = iterations;

    /// <summary>max(0.01, 2.5·ε/k): the step for MNIST, which reaches the ball's surface within few iterations too.</summary>
    public static Pgd ForMnist(double epsilon, int iterations) => new(epsilon, Math.Max(0.01, 2.5 * epsilon / iterations), iterations);

    public override AttackOutcome Run(Network classifier, Tensor x, Tensor labels, RandomKey key, BatchStatistics statistics = BatchStatistics.Running)
    {
        Tensor perturbed = UniformNoise.AddTo(x.Buffer.Device, x, Epsilon, key);
        double[] magnitudes = new double[x.Shape[0]];
        for (int i = 0; i < Iterations; i++)
        {
            Ascend(classifier, perturbed, x, labels, new PgdStep(StepSize, Epsilon), statistics, i == 0 ? magnitudes : null);
        }
        return new AttackOutcome(perturbed, magnitudes.Count(magnitude => magnitude == 0));
    }
}
