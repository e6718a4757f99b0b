using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Goodfellow et al. 2015: one step of size ε along the gradient's sign, without a random start.</summary>
public sealed class Fgsm(double epsilon) : Attack("fgsm", epsilon)
{
    public override AttackOutcome Run(Network classifier, Tensor x, Tensor labels, RandomKey key, BatchStatistics statistics = BatchStatistics.Running)
    {
        Tensor perturbed = new(x.Buffer.Device, x.Shape);
        x.Buffer.Device.Map(new Scale(1), x.Buffer, perturbed.Buffer);
        double[] magnitudes = new double[x.Shape[0]];
        Ascend(classifier, perturbed, x, labels, new PgdStep(Epsilon, Epsilon), statistics, magnitudes);
        return new AttackOutcome(perturbed, magnitudes.Count(magnitude => magnitude == 0));
    }
}
