using CommandLine;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>Options that single training methods use; null for the preset's value.</summary>
[OptionGroup("Method-specific options")]
public abstract class MethodOptions : ComputeOptions
{
    [Option("lambda-adv", MetaValue = "L", HelpText = "Weight of the adversarial loss.")]
    [Sets(nameof(Recipe.LambdaAdversarial))]
    public double? LambdaAdversarial { get; set; }

    [Option("lambda-grad", MetaValue = "L", HelpText = "Weight of the squared norm of the input gradient.")]
    [Sets(nameof(Recipe.LambdaGradient))]
    public double? LambdaGradient { get; set; }

    [Option("discriminator-widths", MetaValue = "N,N", HelpText = "Channels of the discriminator's convolutions.")]
    [Sets(nameof(Recipe.DiscriminatorWidths))]
    public string? DiscriminatorWidths { get; set; }

    [Option("discriminator-interval", MetaValue = "K", HelpText = "Update the discriminator every K steps.")]
    [Sets(nameof(Recipe.DiscriminatorInterval))]
    public int? DiscriminatorInterval { get; set; }

    [Option("discriminator-learning-rate", MetaValue = "RATE", HelpText = "Initial learning rate of discriminator and adaptor.")]
    [Sets(nameof(Recipe.DiscriminatorLearningRate))]
    public double? DiscriminatorLearningRate { get; set; }

    [Option("jarn-from", MetaValue = "F", HelpText = "Start JARN after this fraction of the steps.")]
    [Sets(nameof(Recipe.JarnFrom))]
    public double? JarnFrom { get; set; }

    [Option("jarn-learning-rate-factor", MetaValue = "F", HelpText = "From then on, multiply the classifier's learning rate by F.")]
    [Sets(nameof(Recipe.JarnLearningRateFactor))]
    public double? JarnLearningRateFactor { get; set; }

    [Option("jacobian", MetaValue = "WHAT", HelpText = "Take the gradient of: loss or target-probability.")]
    [Sets(nameof(Recipe.Jacobian))]
    public string? Jacobian { get; set; }

    [Option("jacobian-normalization", MetaValue = "HOW", HelpText = "l2 (zero mean and unit norm per sample) or none.")]
    [Sets(nameof(Recipe.NormalizeJacobian))]
    public string? JacobianNormalization { get; set; }

    [Option("training-attack-iterations", MetaValue = "N", HelpText = "PGD steps per training step.")]
    [Sets(nameof(Recipe.TrainingAttackIterations))]
    public int? TrainingAttackIterations { get; set; }

    [Option("training-attack-step", MetaValue = "E", HelpText = "Size of one attack step, such as 0.01 or 2/255.")]
    [Sets(nameof(Recipe.TrainingAttackStepSize))]
    public string? TrainingAttackStep { get; set; }

    [Option("epsilon-ramp", MetaValue = "F", HelpText = "Increase epsilon over this fraction of the steps.")]
    [Sets(nameof(Recipe.EpsilonRamp))]
    public double? EpsilonRamp { get; set; }

    [Option("trades-beta", MetaValue = "B", HelpText = "Weight of the KL divergence.")]
    [Sets(nameof(BaselineRecipe.TradesBeta))]
    public double? TradesBeta { get; set; }

    [Option("trades-iterations", MetaValue = "N", HelpText = "Attack steps per training step.")]
    [Sets(nameof(BaselineRecipe.TradesIterations))]
    public int? TradesIterations { get; set; }

    [Option("fast-step", MetaValue = "F", HelpText = "Size of the single attack step, in units of epsilon.")]
    [Sets(nameof(BaselineRecipe.FastStepFactor))]
    public double? FastStep { get; set; }

    [Option("free-replays", MetaValue = "M", HelpText = "Train M times on each batch.")]
    [Sets(nameof(BaselineRecipe.FreeReplays))]
    public int? FreeReplays { get; set; }

    [Option("lambda-jacobian", MetaValue = "L", HelpText = "Weight of the squared norm of the logits' Jacobian.")]
    [Sets(nameof(BaselineRecipe.LambdaJacobian))]
    public double? LambdaJacobian { get; set; }

    /// <summary>The preset's settings with what was given put in their place.</summary>
    protected BaselineRecipe Override(BaselineRecipe preset) => new()
    {
        TradesBeta = TradesBeta ?? preset.TradesBeta,
        TradesIterations = TradesIterations ?? preset.TradesIterations,
        FastStepFactor = FastStep ?? preset.FastStepFactor,
        FreeReplays = FreeReplays ?? preset.FreeReplays,
        LambdaJacobian = LambdaJacobian ?? preset.LambdaJacobian,
    };
}
