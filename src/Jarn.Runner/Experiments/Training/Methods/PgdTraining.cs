using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="PgdTraining"/>.</summary>
public sealed record PgdSettings : MethodSettings, IEpsilonRamp, IAttackStep
{
    public double EpsilonRamp { get; init; }

    /// <summary>The number of steps of PGD.</summary>
    [Setting("training-attack-iterations", "N", "PGD steps per training step.", Minimum = 1)]
    public int TrainingAttackIterations { get; init; } = 7;

    public double TrainingAttackStepSize { get; init; } = 2.0 / 255;

    public override object CostKey => TrainingAttackIterations;
}

/// <summary>Cross-entropy on what PGD from a random start makes of x: PGD-AT7, where the recipe says 7 iterations (Madry et al. 2018).</summary>
public sealed class PgdTraining(PgdSettings settings, MethodContext context) : AdversarialTraining(context, settings, size =>
    new Pgd(context.Recipe.ThreatModel.Scaled(size), size * settings.TrainingAttackStepSize, settings.TrainingAttackIterations))
{
    public static MethodDefinition<PgdSettings> Definition { get; } = new()
    {
        Name = "pgd-at7",
        Title = "PGD-AT7",
        Summary = "cross-entropy on PGD examples",
        IsOfPaper = true,
        Presets = preset => new PgdSettings
        {
            EpsilonRamp = IEpsilonRamp.Preset(preset),
            TrainingAttackIterations = preset.IsGrey ? 40 : 7,
            TrainingAttackStepSize = IAttackStep.Preset(preset),
        },
        Make = (settings, context) => new PgdTraining(settings, context),
    };
}
