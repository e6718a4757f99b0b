using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="FgsmTraining"/>.</summary>
public sealed record FgsmSettings : MethodSettings, IEpsilonRamp
{
    public double EpsilonRamp { get; init; }
}

/// <summary>Cross-entropy on x + ε·sign ∇ₓCE, clipped to [0, 1]: FGSM-AT1 (Goodfellow et al. 2015).</summary>
public sealed class FgsmTraining(FgsmSettings settings, MethodContext context)
    : AdversarialTraining(context, settings, size => new Fgsm(context.Recipe.ThreatModel.Scaled(size)))
{
    public static MethodDefinition<FgsmSettings> Definition { get; } = new()
    {
        Name = "fgsm-at1",
        Title = "FGSM-AT1",
        Summary = "cross-entropy on one-step FGSM examples",
        IsOfPaper = true,
        Presets = preset => new FgsmSettings { EpsilonRamp = IEpsilonRamp.Preset(preset) },
        Make = (settings, context) => new FgsmTraining(settings, context),
    };
}
