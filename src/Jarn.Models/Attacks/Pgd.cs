using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Madry et al. 2018: a random start in the ε-ball, then several steps; the last iterate counts.</summary>
public sealed class Pgd(double epsilon, double stepSize, int iterations, AttackLoss? loss = null)
    : Attack($"pgd{iterations}", epsilon, stepSize, iterations, loss)
{
    public override bool StartsAtRandom => true;

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) =>
        UniformNoise.AddTo(device, x, Epsilon, key, perturbed);
}
