using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="FastTraining"/>.</summary>
public sealed record FastSettings : MethodSettings, IEpsilonRamp
{
    public double EpsilonRamp { get; init; }

    /// <summary>The step, in units of ε.</summary>
    [Setting("fast-step", "F", "Size of the single attack step, in units of epsilon.", Minimum = double.Epsilon, Maximum = 100)]
    public double FastStepFactor { get; init; } = 1.25;
}

/// <summary>
/// Fast-AT (Wong et al. 2020): cross-entropy on what one step of 1.25ε from a random start makes of x, brought back into the ε-ball. Cheap, and in
/// danger of <see cref="CatastrophicOverfitting"/>.
/// </summary>
public sealed class FastTraining(FastSettings settings, MethodContext context) : AdversarialTraining(context, settings, size =>
    new Pgd(context.Recipe.ThreatModel.Scaled(size), size * settings.FastStepFactor * context.Recipe.Epsilon, iterations: 1))
{
    public static MethodDefinition<FastSettings> Definition { get; } = new()
    {
        Name = "fast-at",
        Title = "Fast-AT",
        Summary = "cross-entropy on one-step examples from random starts",
        Presets = preset => new FastSettings { EpsilonRamp = IEpsilonRamp.Preset(preset) },
        Make = (settings, context) => new FastTraining(settings, context),
    };
}
