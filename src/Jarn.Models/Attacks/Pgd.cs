using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Madry et al. 2018: a random start in the ε-ball, then several steps; the last iterate counts.</summary>
public sealed class Pgd(double epsilon, double stepSize, int iterations) : Attack($"pgd{iterations}", epsilon, stepSize, iterations)
{
    /// <summary>max(0.01, 2.5·ε/k): the step for MNIST, which reaches the ball's surface within few iterations too.</summary>
    public static Pgd ForMnist(double epsilon, int iterations) => new(epsilon, Math.Max(0.01, 2.5 * epsilon / iterations), iterations);

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) =>
        UniformNoise.AddTo(device, x, Epsilon, key, perturbed);
}
