using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>
/// Algorithm 1 of Chan et al. 2020: training on noisy images, and over the last part of the steps the adversarial loss on top. There the
/// classifier's learning rate is lower, as in the authors' schedule: at the full rate it fools the slowly updated discriminator and forgets
/// how to classify.
/// </summary>
public class JarnTraining : TrainingMethod
{
    private readonly JarnNetworks _networks;
    private readonly Optimiser _adaptorOptimiser, _discriminatorOptimiser;
    private readonly CapturedFunction<AdversarialOutputs> _withDiscriminator, _withoutDiscriminator;

    public JarnTraining(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images)
        : base(configuration, device, classifier)
    {
        Adaptor adaptor = new(new Initializer(device, configuration.Seed, network: 1), images.Channels);
        Discriminator discriminator = new(new Initializer(device, configuration.Seed, network: 2), images.Height, images.Channels, Recipe.DiscriminatorWidths);
        _networks = new JarnNetworks(classifier, adaptor, discriminator);
        _adaptorOptimiser = CreateOptimiser(adaptor);
        _discriminatorOptimiser = CreateOptimiser(discriminator);
        _withDiscriminator = Captured(discriminatorLearns: true);
        _withoutDiscriminator = Captured(discriminatorLearns: false);

        CapturedFunction<AdversarialOutputs> Captured(bool discriminatorLearns) => new(
            device, (tape, inputs) => Objective(tape, inputs, discriminatorLearns),
            changes: _ => [.. RunningStatistics(classifier), .. RunningStatistics(discriminator)]);
    }

    public override IReadOnlyList<Learner> Learners =>
    [
        .. base.Learners,
        new Learner("adaptor", _networks.Adaptor, _adaptorOptimiser),
        new Learner("discriminator", _networks.Discriminator, _discriminatorOptimiser),
    ];

    public override int GradientEvaluations(StepPosition position) =>
        position.Index < Recipe.FirstJarnStep(position.Total) ? 1 : DifferentiatedGradient;

    public override double LearningRate(StepPosition position) =>
        base.LearningRate(position) * (position.Index < Recipe.FirstJarnStep(position.Total) ? 1 : Recipe.JarnLearningRateFactor);

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses)
    {
        (Tensor trained, Tensor real) = Input(batch, position);
        int jarnStep = position.Index - Recipe.FirstJarnStep(position.Total);
        return jarnStep < 0
            ? ClassificationStep(position, readLosses, trained, batch.Labels)
            : AdversarialStep(trained, batch.Labels, real, position, jarnStep % Recipe.DiscriminatorInterval == 0, readLosses);
    }

    public override void Dispose()
    {
        _networks.Adaptor.Dispose();
        _networks.Discriminator.Dispose();
        _adaptorOptimiser.Dispose();
        _discriminatorOptimiser.Dispose();
        base.Dispose();
    }

    /// <summary>What the classifier trains on, and what the discriminator is shown as images: here both the noisy images.</summary>
    protected virtual (Tensor Trained, Tensor Real) Input(Batch batch, StepPosition position)
    {
        Tensor noisy = WithNoise(batch, position);
        return (noisy, noisy);
    }

    private StepLosses? AdversarialStep(Tensor x, Tensor labels, Tensor real, StepPosition position, bool discriminatorLearns, bool readLosses)
    {
        CapturedFunction<AdversarialOutputs> objective = discriminatorLearns ? _withDiscriminator : _withoutDiscriminator;
        AdversarialOutputs step = objective.Run(x, labels, real);
        UpdateClassifier(step.Gradients.Classifier, position);
        double rate = Recipe.DiscriminatorLearningRate * Recipe.LearningRateFactor(position);
        _adaptorOptimiser.Step(step.Gradients.Adaptor, rate);
        if (discriminatorLearns)
        {
            _discriminatorOptimiser.Step(step.Gradients.Discriminator, rate);
        }
        StepLosses? losses = readLosses ? new StepLosses(step.ClassificationLoss.ToScalar(), step.AdversarialLoss.ToScalar()) : null;
        objective.Release();
        return losses;
    }

    /// <summary>(x, y, real images) → L_cls, L_adv, and what each player descends.</summary>
    private AdversarialOutputs Objective(Tape tape, IReadOnlyList<Tensor> inputs, bool discriminatorLearns)
    {
        JarnObjective objective = JarnObjective.Evaluate(tape, _networks, inputs[0], inputs[1], Recipe.JarnOptions, real: inputs[2]);
        return new AdversarialOutputs(objective.ClassificationLoss, objective.AdversarialLoss, objective.Gradients(tape, _networks, discriminatorLearns));
    }

    private sealed record AdversarialOutputs(Tensor ClassificationLoss, Tensor AdversarialLoss, JarnGradients Gradients) : ICapturedOutputs<AdversarialOutputs>
    {
        public AdversarialOutputs With(Func<Tensor, Tensor> replace) => new(replace(ClassificationLoss), replace(AdversarialLoss), Gradients.With(replace));
    }
}
