using System.Globalization;
using System.Text.RegularExpressions;
using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Madry et al. 2018: a random start in the ε-ball, then several steps; the last iterate counts.</summary>
public sealed class Pgd(ThreatModel threat, double stepSize, int iterations, AttackLoss? loss = null, ulong seed = 0, int restarts = 1)
    : GradientAttack($"pgd{iterations}", threat, stepSize, iterations, loss, seed, restarts)
{
    /// <summary>pgd20, pgd20-margin.</summary>
    public static AttackDefinition Definition { get; } = new()
    {
        Syntax = "pgd<steps>" + AttackLoss.Syntax,
        Summary = "a random start and a number of steps, such as pgd20",
        Form = "pgd(?<steps>[1-9][0-9]{0,5})" + AttackLoss.Form,
        Title = name => $"PGD-{Steps(name)}{AttackLoss.Of(name).Title}",
        Make = context => new Pgd(
            context.Threat, AttackStep.For(context.Channels, context.Threat.Epsilon, Steps(context.Name)), Steps(context.Name),
            AttackLoss.Of(context.Name), context.Seed, context.Restarts),
    };

    protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed) => Threat.Start(device, x, key, perturbed);

    private static int Steps(Match name) => int.Parse(name.Groups["steps"].ValueSpan, CultureInfo.InvariantCulture);
}
