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
public sealed class JarnTraining : TrainingMethod
{
    private readonly JarnNetworks _networks;
    private readonly Optimiser _adaptorOptimiser, _discriminatorOptimiser;
    private readonly Tensor[] _classifierValues, _adaptorValues, _discriminatorValues;

    public JarnTraining(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images)
        : base(configuration, device, classifier)
    {
        Adaptor adaptor = new(new Initializer(device, configuration.Seed, network: 1), images.Channels);
        Discriminator discriminator = new(new Initializer(device, configuration.Seed, network: 2), images.Height, images.Channels, [64, 128]);
        _networks = new JarnNetworks(classifier, adaptor, discriminator);
        _adaptorOptimiser = new Adam(device, adaptor.Parameters, configuration.WeightDecay);
        _discriminatorOptimiser = new Adam(device, discriminator.Parameters, configuration.WeightDecay);
        _classifierValues = Values(classifier);
        _adaptorValues = Values(adaptor);
        _discriminatorValues = Values(discriminator);
    }

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses)
    {
        using Tensor noisy = WithNoise(batch, position);
        int jarnStep = position.Index - (int)Math.Ceiling(Configuration.JarnFrom * position.Total);
        return jarnStep < 0
            ? ClassificationStep(noisy, batch.Labels, readLosses)
            : AdversarialStep(noisy, batch.Labels, jarnStep % Configuration.DiscriminatorInterval == 0, readLosses);
    }

    public override void Dispose()
    {
        _networks.Adaptor.Dispose();
        _networks.Discriminator.Dispose();
        _adaptorOptimiser.Dispose();
        _discriminatorOptimiser.Dispose();
        base.Dispose();
    }

    private StepLosses? AdversarialStep(Tensor x, Tensor labels, bool discriminatorLearns, bool readLosses)
    {
        using Tape tape = new(Device);
        JarnObjective objective = JarnObjective.Evaluate(tape, _networks, x, labels, Configuration.JarnOptions);
        tape.Keep(objective.ClassificationLoss);
        tape.Keep(objective.AdversarialLoss);
        Tensor[] targets = [.. _classifierValues, .. _adaptorValues, .. discriminatorLearns ? _discriminatorValues : []];
        Tensor[] gradients = tape.Gradient(objective.Total, targets, differentiable: false);

        int adaptorStart = _classifierValues.Length, discriminatorStart = adaptorStart + _adaptorValues.Length;
        UpdateClassifier(gradients[..adaptorStart], Configuration.JarnLearningRateFactor);
        _adaptorOptimiser.Step(gradients[adaptorStart..discriminatorStart], Configuration.DiscriminatorLearningRate);
        if (discriminatorLearns)
        {
            Tensor[] ascent = gradients[discriminatorStart..];
            foreach (Tensor gradient in ascent)
            {
                Device.Map(new Scale(-1), gradient.Buffer, gradient.Buffer);
            }
            _discriminatorOptimiser.Step(ascent, Configuration.DiscriminatorLearningRate);
        }
        return readLosses ? new StepLosses(objective.ClassificationLoss.ToScalar(), objective.AdversarialLoss.ToScalar()) : null;
    }

    private static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];
}
