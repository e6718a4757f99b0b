using CommandLine;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>Options that single training methods use; null for the preset's value.</summary>
[OptionGroup("Method-specific options")]
public abstract class MethodOptions : ComputeOptions
{
    [Option("lambda-adv", MetaValue = "L", HelpText = "Weight of the adversarial loss.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public double? LambdaAdversarial { get; set; }

    [Option("lambda-grad", MetaValue = "L", HelpText = "Weight of the squared norm of the input gradient.")]
    [HeededBy("method", "double-backprop")]
    public double? LambdaGradient { get; set; }

    [Option("discriminator-widths", MetaValue = "N,N", HelpText = "Channels of the discriminator's convolutions.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public string? DiscriminatorWidths { get; set; }

    [Option("discriminator-interval", MetaValue = "K", HelpText = "Update the discriminator every K steps.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public int? DiscriminatorInterval { get; set; }

    [Option("discriminator-learning-rate", MetaValue = "RATE", HelpText = "Initial learning rate of discriminator and adaptor.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public double? DiscriminatorLearningRate { get; set; }

    [Option("jarn-from", MetaValue = "F", HelpText = "Start JARN after this fraction of the steps.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public double? JarnFrom { get; set; }

    [Option("jarn-learning-rate-factor", MetaValue = "F", HelpText = "From then on, multiply the classifier's learning rate by F.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public double? JarnLearningRateFactor { get; set; }

    [Option("jacobian", MetaValue = "WHAT", HelpText = "Take the gradient of: loss or target-probability.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public string? Jacobian { get; set; }

    [Option("jacobian-normalization", MetaValue = "HOW", HelpText = "l2 (zero mean and unit norm per sample) or none.")]
    [HeededBy("method", "jarn", "jarn-at1")]
    public string? JacobianNormalization { get; set; }

    [Option("training-attack-iterations", MetaValue = "N", HelpText = "PGD steps per training step.")]
    [HeededBy("method", "pgd-at7")]
    public int? TrainingAttackIterations { get; set; }

    [Option("training-attack-step", MetaValue = "E", HelpText = "Size of one attack step, such as 0.01 or 2/255.")]
    [HeededBy("method", "pgd-at7", "trades")]
    public string? TrainingAttackStep { get; set; }

    [Option("epsilon-ramp", MetaValue = "F", HelpText = "Increase epsilon over this fraction of the steps.")]
    [HeededBy("method", "fgsm-at1", "pgd-at7", "jarn-at1", "fast-at")]
    public double? EpsilonRamp { get; set; }

    [Option("trades-beta", MetaValue = "B", HelpText = "Weight of the KL divergence.")]
    [HeededBy("method", "trades")]
    public double? TradesBeta { get; set; }

    [Option("trades-iterations", MetaValue = "N", HelpText = "Attack steps per training step.")]
    [HeededBy("method", "trades")]
    public int? TradesIterations { get; set; }

    [Option("fast-step", MetaValue = "F", HelpText = "Size of the single attack step, in units of epsilon.")]
    [HeededBy("method", "fast-at")]
    public double? FastStep { get; set; }

    [Option("free-replays", MetaValue = "M", HelpText = "Train M times on each batch.")]
    [HeededBy("method", "free-at")]
    public int? FreeReplays { get; set; }

    [Option("lambda-jacobian", MetaValue = "L", HelpText = "Weight of the squared norm of the logits' Jacobian.")]
    [HeededBy("method", "jacobian-regularization")]
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
