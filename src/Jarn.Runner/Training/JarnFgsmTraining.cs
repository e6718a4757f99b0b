using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>
/// JARN-AT1: JARN with the one-step FGSM example in the noise's place, and plain FGSM-AT1 before it sets in. The discriminator's real images
/// stay the clean ones (ours; the paper does not say): it is to tell Jacobians from images, not from perturbed images.
/// </summary>
public sealed class JarnFgsmTraining(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images)
    : JarnTraining(configuration, device, classifier, images)
{
    private readonly RampedAttack _attack = new(configuration.Recipe.EpsilonRamp, size => new Fgsm(configuration.Recipe.ThreatModel.Scaled(size)));

    public override bool FollowsOneStepAttack(StepPosition position) => _attack.IsFull(position);

    public override int GradientEvaluations(StepPosition position) => _attack.Iterations + base.GradientEvaluations(position);

    protected override (Tensor Trained, Tensor Real) Input(Batch batch, StepPosition position) => (Attacked(_attack.At(position), batch.Images, batch.Labels, position), batch.Images);
}
