using Jarn.Autodiff;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="JarnTraining"/>; the defaults are the paper's for CIFAR-10.</summary>
public record JarnSettings : MethodSettings
{
    /// <summary>λ_adv, the weight of the adversarial loss.</summary>
    [Setting("lambda-adv", "L", "Weight of the adversarial loss.", Minimum = 0, Maximum = 1e6, IsPenaltyWeight = true)]
    public double LambdaAdversarial { get; init; } = 1;

    /// <summary>Channels of the discriminator's convolutions.</summary>
    [Setting("discriminator-widths", "N,N", "Channels of the discriminator's convolutions.")]
    public IReadOnlyList<int> DiscriminatorWidths { get; init; } = [32, 64, 128, 256, 512];

    /// <summary>JARN's steps from one of the discriminator's to the next.</summary>
    [Setting("discriminator-interval", "K", "Update the discriminator every K steps.", Minimum = 1)]
    public int DiscriminatorInterval { get; init; } = 20;

    /// <summary>Discriminator's and adaptor's, at first.</summary>
    [Setting("discriminator-learning-rate", "RATE", "Initial learning rate of discriminator and adaptor.", Minimum = double.Epsilon, Maximum = 100)]
    public double DiscriminatorLearningRate { get; init; } = 0.1;

    /// <summary>The share of the steps before JARN sets in.</summary>
    [Setting("jarn-from", "F", "Start JARN after this fraction of the steps.", Minimum = 0, Maximum = 1)]
    public double JarnFrom { get; init; } = 0.75;

    /// <summary>Multiplies the classifier's learning rate from then on.</summary>
    [Setting("jarn-learning-rate-factor", "F", "From then on, multiply the classifier's learning rate by F.", Minimum = 0, Maximum = 100)]
    public double JarnLearningRateFactor { get; init; } = 1;

    /// <summary>What the Jacobian is the gradient of.</summary>
    [Setting("jacobian", "WHAT", "Take the gradient of: loss or target-probability.")]
    public JacobianDefinition Jacobian { get; init; } = JacobianDefinition.Loss;

    /// <summary>Per-sample zero mean and unit norm, before the adaptor.</summary>
    [Setting("jacobian-normalization", "HOW", "l2 (zero mean and unit norm per sample) or none.", Words = ["l2", "none"])]
    public bool NormalizeJacobian { get; init; } = true;

    public override IReadOnlyList<double> Phases => [0, JarnFrom];

    public override object CostKey => JarnFrom;

    public JarnOptions Options => new(LambdaAdversarial, Jacobian, NormalizeJacobian);

    /// <summary>The first step that is JARN's, of so many.</summary>
    public int FirstJarnStep(int totalSteps) => (int)Math.Ceiling((decimal)JarnFrom * totalSteps);

    /// <summary>
    /// Sections 4.1 to 4.3. On MNIST, JARN at the full learning rate against a slow discriminator saturates the softmax wholly, which comes nearest
    /// to Table 1 (docs/lab/mnist-riddle.md). The small preset's discriminator learns more slowly, since one at the paper's rate knows all Jacobians
    /// at once.
    /// </summary>
    public static JarnSettings Preset(PresetContext preset)
    {
        if (preset.IsGrey)
        {
            bool isPaper = preset is { Preset: Training.Preset.Paper, Dataset: "mnist" };
            return new JarnSettings
            {
                DiscriminatorWidths = [64, 128],
                DiscriminatorInterval = 10,
                DiscriminatorLearningRate = isPaper ? 1e-5 : 1e-3,
                JarnLearningRateFactor = isPaper ? 1 : 0.05,
            };
        }
        JarnSettings paper = preset.Dataset == "svhn"
            ? new JarnSettings { LambdaAdversarial = 5, DiscriminatorWidths = [16, 32, 64, 128, 256] }
            : new JarnSettings();
        return preset.Preset == Training.Preset.Paper ? paper
            : paper with { DiscriminatorWidths = [.. paper.DiscriminatorWidths.Select(width => width / 2)], DiscriminatorLearningRate = 0.001 };
    }
}

/// <summary>
/// Algorithm 1 of Chan et al. 2020: training on noisy images, and over the last part of the steps the adversarial loss on top. There the
/// classifier's learning rate is lower, as in the authors' schedule: at the full rate it fools the slowly updated discriminator and forgets
/// how to classify.
/// </summary>
public class JarnTraining : TrainingMethod
{
    private readonly JarnSettings _settings;
    private readonly JarnNetworks _networks;
    private readonly Optimiser _adaptorOptimiser, _discriminatorOptimiser;
    private readonly CapturedFunction<AdversarialOutputs> _withDiscriminator, _withoutDiscriminator;

    public JarnTraining(JarnSettings settings, MethodContext context) : base(context)
    {
        _settings = settings;
        Adaptor adaptor = new(new Initializer(Device, context.Seed, network: 1), context.Image.Channels);
        Discriminator discriminator = new(new Initializer(Device, context.Seed, network: 2), context.Image, settings.DiscriminatorWidths);
        _networks = new JarnNetworks(Classifier, adaptor, discriminator);
        _adaptorOptimiser = CreateOptimiser(adaptor);
        _discriminatorOptimiser = CreateOptimiser(discriminator);
        _withDiscriminator = Captured(discriminatorLearns: true);
        _withoutDiscriminator = Captured(discriminatorLearns: false);

        CapturedFunction<AdversarialOutputs> Captured(bool discriminatorLearns) => new(
            Device, (tape, inputs) => Objective(tape, inputs, discriminatorLearns),
            changes: _ => [.. RunningStatistics(Classifier), .. RunningStatistics(discriminator)]);
    }

    public static MethodDefinition<JarnSettings> Definition { get; } = new()
    {
        Name = "jarn",
        Title = "JARN",
        Summary = "the paper's: Jacobians that a discriminator takes for images",
        IsOfPaper = true,
        Remark =
            "JARN is no certified defence: in an independent evaluation (RobustBench, AutoAttack) the accuracy of its CIFAR-10 model was 0.26 %.",
        Presets = JarnSettings.Preset,
        Make = (settings, context) => new JarnTraining(settings, context),
    };

    public override IReadOnlyList<Learner> Learners =>
    [
        .. base.Learners,
        new Learner("adaptor", _networks.Adaptor, _adaptorOptimiser),
        new Learner("discriminator", _networks.Discriminator, _discriminatorOptimiser),
    ];

    public override int GradientEvaluations(StepPosition position) =>
        position.Index < _settings.FirstJarnStep(position.Total) ? 1 : DifferentiatedGradient;

    public override double LearningRate(StepPosition position) =>
        base.LearningRate(position) * (position.Index < _settings.FirstJarnStep(position.Total) ? 1 : _settings.JarnLearningRateFactor);

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses)
    {
        (Tensor trained, Tensor real) = Input(batch, position);
        int jarnStep = position.Index - _settings.FirstJarnStep(position.Total);
        return jarnStep < 0
            ? ClassificationStep(position, readLosses, trained, batch.Labels)
            : AdversarialStep(trained, batch.Labels, real, position, jarnStep % _settings.DiscriminatorInterval == 0, readLosses);
    }

    public override void Dispose()
    {
        _networks.Adaptor.Dispose();
        _networks.Discriminator.Dispose();
        _adaptorOptimiser.Dispose();
        _discriminatorOptimiser.Dispose();
        base.Dispose();
    }

    /// <summary>The images that the classifier trains on, and those that the discriminator takes for real. Here both are the noisy images.</summary>
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
        double rate = _settings.DiscriminatorLearningRate * Recipe.LearningRateFactor(position);
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
        JarnObjective objective = JarnObjective.Evaluate(tape, _networks, inputs[0], inputs[1], _settings.Options, real: inputs[2]);
        return new AdversarialOutputs(
            objective.ClassificationLoss, objective.AdversarialLoss, objective.Gradients(tape, _networks, discriminatorLearns));
    }

    private sealed record AdversarialOutputs(Tensor ClassificationLoss, Tensor AdversarialLoss, JarnGradients Gradients)
        : ICapturedOutputs<AdversarialOutputs>
    {
        public AdversarialOutputs With(Func<Tensor, Tensor> replace) =>
            new(replace(ClassificationLoss), replace(AdversarialLoss), Gradients.With(replace));
    }
}
