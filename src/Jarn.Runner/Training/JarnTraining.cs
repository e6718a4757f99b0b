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
    private readonly CapturedFunction _withDiscriminator, _withoutDiscriminator;

    public JarnTraining(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images)
        : base(configuration, device, classifier)
    {
        Adaptor adaptor = new(new Initializer(device, configuration.Seed, network: 1), images.Channels);
        Discriminator discriminator = new(new Initializer(device, configuration.Seed, network: 2), images.Height, images.Channels, Recipe.DiscriminatorWidths);
        _networks = new JarnNetworks(classifier, adaptor, discriminator);
        _adaptorOptimiser = CreateOptimiser(adaptor);
        _discriminatorOptimiser = CreateOptimiser(discriminator);
        _withDiscriminator = new CapturedFunction(device, (tape, inputs) => Objective(tape, inputs, discriminatorLearns: true));
        _withoutDiscriminator = new CapturedFunction(device, (tape, inputs) => Objective(tape, inputs, discriminatorLearns: false));
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
        CapturedFunction objective = discriminatorLearns ? _withDiscriminator : _withoutDiscriminator;
        ReadOnlySpan<Tensor> outputs = objective.Run(x, labels, real), gradients = outputs[2..];
        int adaptorStart = Classifier.Parameters.Count, discriminatorStart = adaptorStart + _networks.Adaptor.Parameters.Count;
        UpdateClassifier(gradients[..adaptorStart], position);
        double rate = Recipe.DiscriminatorLearningRate * Recipe.LearningRateFactor(position);
        _adaptorOptimiser.Step(gradients[adaptorStart..discriminatorStart], rate);
        if (discriminatorLearns)
        {
            _discriminatorOptimiser.Step(gradients[discriminatorStart..], rate);
        }
        StepLosses? losses = readLosses ? new StepLosses(outputs[0].ToScalar(), outputs[1].ToScalar()) : null;
        objective.Release();
        return losses;
    }

    /// <summary>(x, y, real images) → L_cls, L_adv, and what each player descends: the discriminator ascends L_adv.</summary>
    private Tensor[] Objective(Tape tape, IReadOnlyList<Tensor> inputs, bool discriminatorLearns)
    {
        JarnObjective objective = JarnObjective.Evaluate(tape, _networks, inputs[0], inputs[1], Recipe.JarnOptions, real: inputs[2]);
        JarnGradients gradients = objective.Gradients(tape, _networks, discriminatorLearns);
        return [objective.ClassificationLoss, objective.AdversarialLoss, .. gradients.Classifier, .. gradients.Adaptor, .. gradients.Discriminator];
    }
}
