using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Madry et al. 2018: a random start in the ε-ball, then several steps; the last iterate counts.</summary>
public sealed class Pgd(ThreatModel threat, double stepSize, int iterations, AttackLoss? loss = null, ulong seed = 0, int restarts = 1)
    : GradientAttack($"pgd{iterations}", threat, stepSize, iterations, loss, seed, restarts)
{
    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) => Threat.Start(device, x, key, perturbed);
}
