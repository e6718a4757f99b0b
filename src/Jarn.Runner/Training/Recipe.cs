using System.Text.Json.Serialization;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>How parameters are updated.</summary>
public enum OptimiserKind
{
    /// <summary>β₁ = 0.9, β₂ = 0.999, ε = 1e-8.</summary>
    Adam,

    /// <summary>Momentum 0.9.</summary>
    Sgd,
}

/// <summary>What is changed at random in the training images.</summary>
public enum Augmentation
{
    None,

    /// <summary>Two rows and columns of zeros around the image, a random window of its size, and a mirror image in every second case.</summary>
    CropAndFlip,
}

/// <summary>How a classifier is built, trained and attacked: what a preset settles and an option may override.</summary>
public sealed record Recipe
{
    /// <summary>Passes over the training images; null where <see cref="Steps"/> counts.</summary>
    public int? Epochs { get; init; }

    /// <summary>Batches trained on; null where <see cref="Epochs"/> count.</summary>
    public int? Steps { get; init; }

    /// <summary>Images a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Of classifier, adaptor and discriminator.</summary>
    public required OptimiserKind Optimiser { get; init; }

    /// <summary>The classifier's, at first.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The shares of the steps after which all learning rates drop to a tenth.</summary>
    public required IReadOnlyList<double> LearningRateDrops { get; init; }

    /// <summary>λ of λ/2·‖W‖², on the weights of convolutions and linear layers.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Size of perturbations and noise, in units of the pixel range [0, 1].</summary>
    public required double Epsilon { get; init; }

    [JsonIgnore]
    public ThreatModel ThreatModel => new(Norm.LInf, Epsilon);

    /// <summary>λ_adv of JARN.</summary>
    public required double LambdaAdversarial { get; init; }

    /// <summary>λ_grad of double backpropagation.</summary>
    public required double LambdaGradient { get; init; }

    /// <summary>Channels of the discriminator's convolutions.</summary>
    public required IReadOnlyList<int> DiscriminatorWidths { get; init; }

    /// <summary>JARN's steps from one of the discriminator's to the next.</summary>
    public required int DiscriminatorInterval { get; init; }

    /// <summary>Discriminator's and adaptor's, at first.</summary>
    public required double DiscriminatorLearningRate { get; init; }

    /// <summary>The share of the steps before JARN sets in.</summary>
    public required double JarnFrom { get; init; }

    /// <summary>On the classifier's learning rate from then on.</summary>
    public required double JarnLearningRateFactor { get; init; }

    /// <summary>What JARN differentiates.</summary>
    public required JacobianDefinition Jacobian { get; init; }

    /// <summary>Per-sample zero mean and unit norm, before the adaptor.</summary>
    public required bool NormalizeJacobian { get; init; }

    /// <summary>PGD's steps in adversarial training.</summary>
    public required int TrainingAttackIterations { get; init; }

    /// <summary>Their size, in units of the pixel range.</summary>
    public required double TrainingAttackStepSize { get; init; }

    public required Augmentation Augmentation { get; init; }

    /// <summary>Factor on pixels inside the classifier.</summary>
    public required double InputScale { get; init; }

    /// <summary>Per-sample zero mean and unit norm inside the classifier.</summary>
    public required bool NormalizeInput { get; init; }

    /// <summary>Of a Wide-ResNet: multiplies its channels.</summary>
    public required int Width { get; init; }

    /// <summary>PGD-AT7, FGSM-AT1, JARN-AT1 and Fast-AT: the share of the steps over which ε grows to its size; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EpsilonRamp { get; init; }

    /// <summary>Of a Wide-ResNet, in layers.</summary>
    public required int Depth { get; init; }

    /// <summary>The classifier's; null for the network's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Activation? Activation { get; init; }

    /// <summary>Of the methods that JARN is held against; null only where it is known that none is meant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BaselineRecipe? Baselines { get; init; } = new();

    /// <summary>What the trained classifier is evaluated under, as <c>--attacks</c> names them.</summary>
    public required IReadOnlyList<string> Attacks { get; init; }

    /// <summary>The first so many test images count; null for all.</summary>
    public int? LimitTest { get; init; }

    [JsonIgnore]
    public InputTransform InputTransform => new(InputScale, NormalizeInput);

    [JsonIgnore]
    public JarnOptions JarnOptions => new(LambdaAdversarial, Jacobian, NormalizeJacobian);

    /// <summary>Batches in one pass over so many training images; the last may have fewer than <see cref="BatchSize"/>.</summary>
    public int StepsPerEpoch(int images) => (images + BatchSize - 1) / BatchSize;

    /// <summary>Batches trained on in all.</summary>
    public int TotalSteps(int images) => Steps ?? checked(Epochs!.Value * StepsPerEpoch(images));

    /// <summary>The first step that is JARN's, of so many.</summary>
    public int FirstJarnStep(int totalSteps) => (int)Math.Ceiling((decimal)JarnFrom * totalSteps);

    /// <summary>What the schedule multiplies every learning rate with at the index-th of so many steps.</summary>
    public double LearningRateFactor(StepPosition position)
    {
        double factor = 1;
        foreach (double share in LearningRateDrops)
        {
            factor *= position.Index >= (decimal)share * position.Total ? 0.1 : 1;
        }
        return factor;
    }
}
