using CommandLine;
using Jarn.Models;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>A preset and what overrides it; what is null takes the preset's value.</summary>
[OptionGroup("Recipe: a preset, and what of it is to be another")]
public abstract class RecipeOptions : ComputeOptions
{
    [Option("preset", Default = "auto", MetaValue = "NAME", HelpText = "paper, small (minutes on two cores) or auto: by device.")]
    public string Preset { get; set; } = "auto";

    [Option("epochs", MetaValue = "N", HelpText = "Passes over the training images.")]
    public int? Epochs { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Batches trained on, instead of --epochs.")]
    public int? Steps { get; set; }

    [Option("batch-size", MetaValue = "N", HelpText = "Images a step.")]
    public int? BatchSize { get; set; }

    [Option("optimiser", MetaValue = "NAME", HelpText = "adam or sgd (momentum 0.9).")]
    public string? Optimiser { get; set; }

    [Option("learning-rate", MetaValue = "RATE", HelpText = "The classifier's, at first.")]
    public double? LearningRate { get; set; }

    [Option("learning-rate-drops", MetaValue = "F,F", HelpText = "After which shares of the steps it drops to a tenth, or none.")]
    public string? LearningRateDrops { get; set; }

    [Option("weight-decay", MetaValue = "RATE", HelpText = "L2, on weights of convolutions and linear layers.")]
    public double? WeightDecay { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations and noise, as 0.3 or 8/255.")]
    public string? Epsilon { get; set; }

    [Option("lambda-adv", MetaValue = "L", HelpText = "JARN: weight of the adversarial loss.")]
    public double? LambdaAdversarial { get; set; }

    [Option("lambda-grad", MetaValue = "L", HelpText = "Double backpropagation: weight of the squared norm of the input gradient.")]
    public double? LambdaGradient { get; set; }

    [Option("discriminator-widths", MetaValue = "N,N", HelpText = "JARN: channels of the discriminator's convolutions.")]
    public string? DiscriminatorWidths { get; set; }

    [Option("discriminator-interval", MetaValue = "K", HelpText = "JARN: the discriminator learns every K-th step.")]
    public int? DiscriminatorInterval { get; set; }

    [Option("discriminator-learning-rate", MetaValue = "RATE", HelpText = "JARN: discriminator's and adaptor's, at first.")]
    public double? DiscriminatorLearningRate { get; set; }

    [Option("jarn-from", MetaValue = "F", HelpText = "The share of the steps after which JARN sets in.")]
    public double? JarnFrom { get; set; }

    [Option("jarn-learning-rate-factor", MetaValue = "F", HelpText = "Factor on the classifier's learning rate from then on.")]
    public double? JarnLearningRateFactor { get; set; }

    [Option("jacobian", MetaValue = "WHAT", HelpText = "JARN: gradient of the loss, or of the target-probability.")]
    public string? Jacobian { get; set; }

    [Option("jacobian-normalization", MetaValue = "HOW", HelpText = "JARN: l2 (per sample zero mean, unit norm) or none.")]
    public string? JacobianNormalization { get; set; }

    [Option("training-attack-iterations", MetaValue = "N", HelpText = "pgd-at7: PGD's steps.")]
    public int? TrainingAttackIterations { get; set; }

    [Option("training-attack-step", MetaValue = "E", HelpText = "pgd-at7: their size, as 0.01 or 2/255.")]
    public string? TrainingAttackStep { get; set; }

    [Option("augmentation", MetaValue = "HOW", HelpText = "none or crop-and-flip.")]
    public string? Augmentation { get; set; }

    [Option("input-scale", MetaValue = "S", HelpText = "Factor on pixels inside the classifier.")]
    public double? InputScale { get; set; }

    [Option("input-normalization", MetaValue = "HOW", HelpText = "Inside the classifier: l2 (per sample zero mean, unit norm) or none.")]
    public string? InputNormalization { get; set; }

    [Option("width", MetaValue = "N", HelpText = "Wide-ResNet: factor on its channels; the paper's is 10.")]
    public int? Width { get; set; }

    [Option("depth", MetaValue = "N", HelpText = "Wide-ResNet: layers, 8, 14, 20, 26, 32 (the paper's) and so on.")]
    public int? Depth { get; set; }

    [Option("attacks", MetaValue = "A,A", HelpText = "What to evaluate under: fgsm, pgd<steps>, and the same with -margin behind it.")]
    public string? Attacks { get; set; }

    [Option("limit-train", MetaValue = "N", HelpText = "Train on the first N images.")]
    public int? LimitTrain { get; set; }

    [Option("limit-test", MetaValue = "N", HelpText = "Evaluate on the first N images.")]
    public int? LimitTest { get; set; }

    [Option("checkpoint-every", MetaValue = "N", HelpText = "Steps or time between checkpoints: 500, 90s, 2h; 10m without it.")]
    public string? CheckpointEvery { get; set; }

    [Option("keep-checkpoints", MetaValue = "K", HelpText = "How many checkpoints a run keeps until its end; 2 without it.")]
    public int? KeepCheckpoints { get; set; }

    [Option("report", Default = "on", MetaValue = "HOW", HelpText = "on: end with report.html, some seconds' work; off: without.")]
    public string Report { get; set; } = "on";

    [Option("tensorboard", Default = "on", MetaValue = "HOW", HelpText = "on: a file that TensorBoard follows; off: without.")]
    public string TensorBoard { get; set; } = "on";

    /// <summary>What is wanted to be looked at.</summary>
    /// <exception cref="UserErrorException">One is neither on nor off.</exception>
    public RunExtras Extras => new(OptionValue.Choice("--report", Report, "on", "off"), OptionValue.Choice("--tensorboard", TensorBoard, "on", "off"));

    /// <summary>The preset's recipe with what was given put in its place.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public Recipe Override(Recipe preset) => (preset with
    {
        Epochs = Epochs ?? (Steps is null ? preset.Epochs : null),
        Steps = Steps ?? (Epochs is null ? preset.Steps : null),
        BatchSize = BatchSize ?? preset.BatchSize,
        Optimiser = Optimiser is null ? preset.Optimiser : OptionValue.Named<OptimiserKind>("--optimiser", Optimiser),
        LearningRate = LearningRate ?? preset.LearningRate,
        LearningRateDrops = LearningRateDrops is null ? preset.LearningRateDrops : OptionValue.Shares("--learning-rate-drops", LearningRateDrops),
        WeightDecay = WeightDecay ?? preset.WeightDecay,
        Epsilon = Epsilon is null ? preset.Epsilon : OptionValue.Epsilon("--epsilon", Epsilon),
        LambdaAdversarial = LambdaAdversarial ?? preset.LambdaAdversarial,
        LambdaGradient = LambdaGradient ?? preset.LambdaGradient,
        DiscriminatorWidths = DiscriminatorWidths is null ? preset.DiscriminatorWidths : OptionValue.Widths("--discriminator-widths", DiscriminatorWidths),
        DiscriminatorInterval = DiscriminatorInterval ?? preset.DiscriminatorInterval,
        DiscriminatorLearningRate = DiscriminatorLearningRate ?? preset.DiscriminatorLearningRate,
        JarnFrom = JarnFrom ?? preset.JarnFrom,
        JarnLearningRateFactor = JarnLearningRateFactor ?? preset.JarnLearningRateFactor,
        Jacobian = Jacobian is null ? preset.Jacobian : OptionValue.Named<JacobianDefinition>("--jacobian", Jacobian),
        NormalizeJacobian = JacobianNormalization is null ? preset.NormalizeJacobian : OptionValue.Choice("--jacobian-normalization", JacobianNormalization, "l2", "none"),
        TrainingAttackIterations = TrainingAttackIterations ?? preset.TrainingAttackIterations,
        TrainingAttackStepSize = TrainingAttackStep is null ? preset.TrainingAttackStepSize : OptionValue.Epsilon("--training-attack-step", TrainingAttackStep),
        Augmentation = Augmentation is null ? preset.Augmentation : OptionValue.Named<Augmentation>("--augmentation", Augmentation),
        InputScale = InputScale ?? preset.InputScale,
        NormalizeInput = InputNormalization is null ? preset.NormalizeInput : OptionValue.Choice("--input-normalization", InputNormalization, "l2", "none"),
        Width = Width ?? preset.Width,
        Depth = Depth ?? preset.Depth,
        Attacks = Attacks is null ? preset.Attacks : AttackCatalogue.Names(Attacks),
        LimitTest = LimitTest ?? preset.LimitTest,
    }).Checked();
}
