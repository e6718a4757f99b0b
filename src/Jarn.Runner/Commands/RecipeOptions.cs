using CommandLine;
using Jarn.Models;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>A preset and what overrides it; what is null takes the preset's value.</summary>
[OptionGroup("Recipe: a preset, and what of it is to be another")]
public abstract class RecipeOptions : MethodOptions
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

    [Option("activation", MetaValue = "NAME", HelpText = "The classifier's: leaky-relu, relu, silu or softplus; the network's own without it.")]
    public string? Activation { get; set; }

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
        // None is null, as in recipes that never had one.
        EpsilonRamp = (EpsilonRamp ?? preset.EpsilonRamp) is > 0 and double share ? share : null,
        TrainingAttackIterations = TrainingAttackIterations ?? preset.TrainingAttackIterations,
        TrainingAttackStepSize = TrainingAttackStep is null ? preset.TrainingAttackStepSize : OptionValue.Epsilon("--training-attack-step", TrainingAttackStep),
        Augmentation = Augmentation is null ? preset.Augmentation : OptionValue.Named<Augmentation>("--augmentation", Augmentation),
        InputScale = InputScale ?? preset.InputScale,
        NormalizeInput = InputNormalization is null ? preset.NormalizeInput : OptionValue.Choice("--input-normalization", InputNormalization, "l2", "none"),
        Width = Width ?? preset.Width,
        Depth = Depth ?? preset.Depth,
        Activation = Activation is null ? preset.Activation : OptionValue.OneOf("--activation", Activation, Activations.OfClassifiers),
        Baselines = Override(preset.Baselines!),
        Attacks = Attacks is null ? preset.Attacks : AttackCatalogue.Names(Attacks),
        LimitTest = LimitTest ?? preset.LimitTest,
    }).Checked();
}
