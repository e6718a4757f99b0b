using System.Text.Json.Serialization;
using Jarn.Models;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The optimisers.</summary>
public enum OptimiserKind
{
    /// <summary>β₁ = 0.9, β₂ = 0.999, ε = 1e-8.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    Sgd,
}

/// <summary>Random changes of the training images.</summary>
public enum Augmentation
{
    None,

    /// <summary>Two rows and columns of zeros around the image, a random window of its size, and a mirror image in every second case.</summary>
    CropAndFlip,
}

/// <summary>
/// How a classifier is built, trained and attacked: what a preset settles and an option may override. It has the settings that all trainings share,
/// and those of the method, the network and the threat model.
/// </summary>
public sealed record Recipe : SettingsRecord
{
    /// <summary>The training method, with its settings.</summary>
    public required MethodSettings Method { get; init; }

    /// <summary>The network to train, with its settings.</summary>
    public required NetworkSettings Network { get; init; }

    /// <summary>The perturbations that the classifier is trained to withstand: their size, and that of noise.</summary>
    public required ThreatModel ThreatModel { get; init; }

    /// <inheritdoc cref="ThreatModel.Epsilon"/>
    [JsonIgnore]
    public double Epsilon => ThreatModel.Epsilon;

    /// <summary>Passes over the training images; null where <see cref="Steps"/> counts.</summary>
    [Setting("epochs", "N", "Passes over the training images.", Minimum = 1)]
    public int? Epochs { get; init; }

    /// <summary>Batches trained on; null where <see cref="Epochs"/> count.</summary>
    [Setting("steps", "N", "Number of batches, instead of --epochs.", Minimum = 1)]
    public int? Steps { get; init; }

    /// <summary>The number of images in a step.</summary>
    [Setting("batch-size", "N", "Images per step.", Minimum = 1)]
    public required int BatchSize { get; init; }

    /// <summary>The optimiser of classifier, adaptor and discriminator.</summary>
    [Setting("optimiser", "NAME", "adam or sgd (momentum 0.9).", Alias = "optimizer")]
    public required OptimiserKind Optimiser { get; init; }

    /// <summary>The classifier's, at first.</summary>
    [Setting("learning-rate", "RATE", "Initial learning rate of the classifier.", Alias = "lr", Minimum = double.Epsilon, Maximum = 100)]
    public required double LearningRate { get; init; }

    /// <summary>The shares of the steps after which all learning rates drop to a tenth.</summary>
    [Setting("learning-rate-drops", "F,F", "Divide the learning rate by 10 after these fractions of the steps, or none.")]
    public required IReadOnlyList<double> LearningRateDrops { get; init; }

    /// <summary>λ of λ/2·‖W‖², on the weights of convolutions and linear layers.</summary>
    [Setting("weight-decay", "RATE", "L2 penalty on the weights of convolutions and linear layers.", Minimum = 0, Maximum = 1)]
    public required double WeightDecay { get; init; }

    [Setting("augmentation", "HOW", "none or crop-and-flip.")]
    public required Augmentation Augmentation { get; init; }

    /// <summary>Factor on pixels inside the classifier.</summary>
    [Setting("input-scale", "S", "Multiply pixels by S inside the classifier.", Minimum = double.Epsilon, Maximum = 1e6)]
    [HeededBy("input-normalization", "none")]
    public required double InputScale { get; init; }

    /// <summary>Per-sample zero mean and unit norm inside the classifier.</summary>
    [Setting("input-normalization", "HOW", "Normalize images in the classifier: l2 (zero mean, unit norm) or none.", Words = ["l2", "none"])]
    public required bool NormalizeInput { get; init; }

    /// <summary>The attacks that the trained classifier is measured under, by the names that <c>--attacks</c> takes.</summary>
    [Setting("attacks", "A,A", "Attacks to evaluate with: {attacks}.", Rule = typeof(AttackNamesRule))]
    public required IReadOnlyList<string> Attacks { get; init; }

    /// <summary>The first so many test images count; null for all.</summary>
    [Setting("limit-test", "N", "Evaluate on the first N images only.", Minimum = 1)]
    public int? LimitTest { get; init; }

    [JsonIgnore]
    public InputTransform InputTransform => new(InputScale, NormalizeInput);

    /// <summary>The recipe with other values for some of its settings, its method's and its network's.</summary>
    /// <param name="values">Values by option, without dashes.</param>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public Recipe Override(IReadOnlyDictionary<string, object?> values)
    {
        // Each of the two takes the other's place.
        Recipe length = values.ContainsKey("steps") && !values.ContainsKey("epochs") ? this with { Epochs = null }
            : values.ContainsKey("epochs") && !values.ContainsKey("steps") ? this with { Steps = null } : this;
        return ((Recipe)length.With(values) with
        {
            Method = (MethodSettings)Method.With(values),
            Network = (NetworkSettings)Network.With(values),
            ThreatModel = (ThreatModel)ThreatModel.With(values),
        }).Checked();
    }

    /// <summary>Returns this recipe if every value is within its range.</summary>
    /// <exception cref="UserErrorException">A value is out of range; the message names the option that sets it.</exception>
    public Recipe Checked()
    {
        if (Epochs is null == Steps is null)
        {
            throw new UserErrorException($"--epochs and --steps are {(Steps is null ? "both left out" : "both given")}: give one of them");
        }
        Method.Checked();
        Network.Checked();
        ThreatModel.Checked();
        return SettingOption.Checked(this);
    }

    /// <summary>Batches in one pass over so many training images; the last may have fewer than <see cref="BatchSize"/>.</summary>
    public int StepsPerEpoch(int images) => (images + BatchSize - 1) / BatchSize;

    /// <summary>Batches trained on in all.</summary>
    public int TotalSteps(int images) => Steps ?? checked(Epochs!.Value * StepsPerEpoch(images));

    /// <summary>The factor of every learning rate at a step.</summary>
    public double LearningRateFactor(StepPosition position)
    {
        double factor = 1;
        foreach (double share in LearningRateDrops)
        {
            factor *= position.Index >= (decimal)share * position.Total ? 0.1 : 1;
        }
        return factor;
    }

    /// <summary>The names must be attacks; what is wrong with one is said by the catalogue.</summary>
    private sealed class AttackNamesRule : ISettingRule
    {
        public string Expected => "";

        public bool Allows(object value) => AttackNames.Of(string.Join(',', (IReadOnlyList<string>)value)).Count > 0;
    }
}
