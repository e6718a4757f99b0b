using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Goodfellow et al. 2015: one step of size ε up the gradient, without a random start.</summary>
public sealed class Fgsm(ThreatModel threat, AttackLoss? loss = null) : GradientAttack("fgsm", threat, stepSize: threat.Epsilon, iterations: 1, loss)
{
    /// <summary>fgsm, fgsm-margin.</summary>
    public static AttackDefinition Definition { get; } = new()
    {
        Syntax = "fgsm" + AttackLoss.Syntax,
        Summary = "one step of size ε along the sign of the gradient",
        Form = "fgsm" + AttackLoss.Form,
        Title = name => "FGSM" + AttackLoss.Of(name).Title,
        Make = context => new Fgsm(context.Threat, AttackLoss.Of(context.Name)),
    };

    public override bool StartsAtRandom => false;

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) =>
        device.Map(new Scale(1), x.Buffer, perturbed.Buffer);
}
