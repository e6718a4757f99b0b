using CommandLine;
using Jarn.Models;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>A preset, and options that override parts of it; null for the preset's value.</summary>
[OptionGroup("Recipe: choose a preset, override parts")]
public abstract class RecipeOptions : MethodOptions
{
    [Option("preset", Default = "auto", MetaValue = "NAME", HelpText = "paper, small (minutes on two cores) or auto (paper on GPUs, else small).")]
    public string Preset { get; set; } = "auto";

    [Option("epochs", MetaValue = "N", HelpText = "Passes over the training images.")]
    public int? Epochs { get; set; }

    [Option("steps", MetaValue = "N", HelpText = "Number of batches, instead of --epochs.")]
    public int? Steps { get; set; }

    [Option("batch-size", MetaValue = "N", HelpText = "Images per step.")]
    public int? BatchSize { get; set; }

    [Option("optimiser", MetaValue = "NAME", HelpText = "adam or sgd (momentum 0.9).")]
    [Alias("optimizer")]
    public string? Optimiser { get; set; }

    [Option("learning-rate", MetaValue = "RATE", HelpText = "Initial learning rate of the classifier.")]
    [Alias("lr")]
    public double? LearningRate { get; set; }

    [Option("learning-rate-drops", MetaValue = "F,F", HelpText = "Divide the learning rate by 10 after these fractions of the steps, or none.")]
    public string? LearningRateDrops { get; set; }

    [Option("weight-decay", MetaValue = "RATE", HelpText = "L2 penalty on the weights of convolutions and linear layers.")]
    public double? WeightDecay { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations and noise, such as 0.3 or 8/255.")]
    public string? Epsilon { get; set; }

    [Option("augmentation", MetaValue = "HOW", HelpText = "none or crop-and-flip.")]
    public string? Augmentation { get; set; }

    [Option("input-scale", MetaValue = "S", HelpText = "Multiply pixels by S inside the classifier.")]
    [HeededBy("input-normalization", "none")]
    public double? InputScale { get; set; }

    [Option("input-normalization", MetaValue = "HOW", HelpText = "Normalize images in the classifier: l2 (zero mean, unit norm) or none.")]
    public string? InputNormalization { get; set; }

    [Option("width", MetaValue = "N", HelpText = "Channel multiplier; the paper uses 10.")]
    [Sets(nameof(Recipe.Width))]
    public int? Width { get; set; }

    [Option("depth", MetaValue = "N", HelpText = "Number of layers: 8, 14, 20, 26, 32 (paper), …")]
    [Sets(nameof(Recipe.Depth))]
    public int? Depth { get; set; }

    [Option("activation", MetaValue = "NAME", HelpText = "leaky-relu, relu, silu or softplus. Default: the network's own.")]
    public string? Activation { get; set; }

    [Option("attacks", MetaValue = "A,A", HelpText = "Attacks to evaluate with: fgsm, pgd<steps>, each also with the suffix -margin.")]
    public string? Attacks { get; set; }

    [Option("limit-train", MetaValue = "N", HelpText = "Train on the first N images only.")]
    public int? LimitTrain { get; set; }

    [Option("limit-test", MetaValue = "N", HelpText = "Evaluate on the first N images only.")]
    public int? LimitTest { get; set; }

    [Option("checkpoint-every", MetaValue = "N", HelpText = "Save every N steps, or after a time such as 90s or 2h. Default: 10m.")]
    public string? CheckpointEvery { get; set; }

    [Option("keep-checkpoints", MetaValue = "K", HelpText = "Keep the last K checkpoints until the run ends. Default: 2.")]
    public int? KeepCheckpoints { get; set; }

    [Option("report", Default = "on", MetaValue = "HOW", HelpText = "Write report.html at the end (takes some seconds): on or off.")]
    public string Report { get; set; } = "on";

    [Option("tensorboard", Default = "on", MetaValue = "HOW", HelpText = "Write a log for TensorBoard: on or off.")]
    public string TensorBoard { get; set; } = "on";

    /// <summary>Refuses options that were typed and have no effect on any of some runs.</summary>
    /// <exception cref="UserErrorException">There is one; the message says what it is for.</exception>
    public void RequireHeeded(IReadOnlyCollection<TrainingConfiguration> runs)
    {
        Require("method", run => run.Method);
        Require("network", run => OptionValue.Word(run.Network));
        Require("dataset", run => run.Dataset);
        Require("input-normalization", run => run.Recipe.NormalizeInput ? "l2" : "none");
        Require("data", run => OptionValue.Word(run.Data));

        void Require(string setting, Func<TrainingConfiguration, string> value) =>
            Heeding.Require(GetType(), Typed, setting, [.. runs.Select(value).Distinct()]);
    }

    /// <summary>What is written beside the files that programs read.</summary>
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
        Attacks = Attacks is null ? preset.Attacks : AttackNames.Of(Attacks),
        LimitTest = LimitTest ?? preset.LimitTest,
    }).Checked();
}
