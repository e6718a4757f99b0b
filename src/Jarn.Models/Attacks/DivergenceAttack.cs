using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// TRADES' inner maximisation (Zhang et al. 2019): from x + 0.001·N(0, 1), steps that ascend KL(f(x) ‖ f(x′)). As labels it takes f(x), the
/// probabilities of the images: the cross-entropy with those is the divergence but for their entropy, which x′ does not change.
/// </summary>
public sealed class DivergenceAttack(ThreatModel threat, double stepSize, int iterations, ulong seed = 0)
    : GradientAttack($"divergence{iterations}", threat, stepSize, iterations, AttackLoss.CrossEntropy, seed)
{
    /// <summary>At x itself the divergence is at its minimum, and has no gradient to follow.</summary>
    private const double StartDeviation = 0.001;

    public override PassCount MostPasses(int classes) => base.MostPasses(classes) + new PassCount(1, 0);

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed)
    {
        device.RandomNormal(key, 0, StartDeviation, perturbed.Buffer);
        device.Zip(new Add(), perturbed.Buffer, x.Buffer, AxisGeometry.Elementwise(x.Length), perturbed.Buffer);
    }

    protected override Tensor Labels(IDevice device, IClassifier classifier, AttackedImages images)
    {
        Shape shape = new(images.Count, classifier.Classes);
        using Tape tape = new(device, recording: false);
        using Tensor logits = Tensor.From(device, shape, classifier.Logits(images));
        return Tensor.From(device, shape, tape.Softmax(logits).ToArray());
    }
}
