using Jarn.Autodiff;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="JarnFgsmTraining"/>.</summary>
public sealed record JarnFgsmSettings : JarnSettings, IEpsilonRamp
{
    public JarnFgsmSettings()
    {
    }

    /// <param name="settings">JARN's own settings, to copy.</param>
    public JarnFgsmSettings(JarnSettings settings) : base(settings)
    {
    }

    public double EpsilonRamp { get; init; }
}

/// <summary>
/// JARN-AT1: JARN with the one-step FGSM example in the noise's place, and plain FGSM-AT1 before it sets in. The discriminator's real images
/// stay the clean ones (ours; the paper does not say): it is to tell Jacobians from images, not from perturbed images.
/// </summary>
public sealed class JarnFgsmTraining(JarnFgsmSettings settings, MethodContext context) : JarnTraining(settings, context)
{
    private readonly RampedAttack _attack = new(settings.EpsilonRamp, size => new Fgsm(context.Recipe.ThreatModel.Scaled(size)));

    public static new MethodDefinition<JarnFgsmSettings> Definition { get; } = new()
    {
        Name = "jarn-at1",
        Title = "JARN-AT1",
        Summary = "JARN on one-step FGSM examples",
        IsOfPaper = true,
        Remark = JarnTraining.Definition.Remark,
        Presets = preset => new JarnFgsmSettings(JarnSettings.Preset(preset)) { EpsilonRamp = IEpsilonRamp.Preset(preset) },
        Make = (settings, context) => new JarnFgsmTraining(settings, context),
    };

    public override bool FollowsOneStepAttack(StepPosition position) => _attack.IsFull(position);

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + base.GradientEvaluations(position);

    protected override (Tensor Trained, Tensor Real) Input(Batch batch, StepPosition position) =>
        (Attacked(_attack.At(position), batch.Images, batch.Labels, position), batch.Images);
}
