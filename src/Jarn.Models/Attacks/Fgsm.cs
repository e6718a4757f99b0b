using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Goodfellow et al. 2015: one step of size ε along the gradient's sign, without a random start.</summary>
public sealed class Fgsm(double epsilon, AttackLoss? loss = null) : Attack("fgsm", epsilon, stepSize: epsilon, iterations: 1, loss)
{
    public override bool StartsAtRandom => false;

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) =>
        device.Map(new Scale(1), x.Buffer, perturbed.Buffer);
}
