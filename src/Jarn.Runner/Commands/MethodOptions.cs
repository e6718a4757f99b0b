using CommandLine;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>What single methods of training heed; what is null takes the preset's value.</summary>
[OptionGroup("Methods: what single ones heed")]
public abstract class MethodOptions : ComputeOptions
{
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

    [Option("jarn-from", MetaValue = "F", HelpText = "JARN: the share of the steps after which it sets in.")]
    public double? JarnFrom { get; set; }

    [Option("jarn-learning-rate-factor", MetaValue = "F", HelpText = "JARN: factor on the classifier's learning rate from then on.")]
    public double? JarnLearningRateFactor { get; set; }

    [Option("jacobian", MetaValue = "WHAT", HelpText = "JARN: gradient of the loss, or of the target-probability.")]
    public string? Jacobian { get; set; }

    [Option("jacobian-normalization", MetaValue = "HOW", HelpText = "JARN: l2 (per sample zero mean, unit norm) or none.")]
    public string? JacobianNormalization { get; set; }

    [Option("training-attack-iterations", MetaValue = "N", HelpText = "pgd-at7: PGD's steps.")]
    public int? TrainingAttackIterations { get; set; }

    [Option("training-attack-step", MetaValue = "E", HelpText = "pgd-at7, trades: the size of a step, as 0.01 or 2/255.")]
    public string? TrainingAttackStep { get; set; }

    [Option("epsilon-ramp", MetaValue = "F", HelpText = "pgd-at7, fgsm-at1, jarn-at1, fast-at: share of the steps over which epsilon grows.")]
    public double? EpsilonRamp { get; set; }

    [Option("trades-beta", MetaValue = "B", HelpText = "trades: weight of the divergence.")]
    public double? TradesBeta { get; set; }

    [Option("trades-iterations", MetaValue = "N", HelpText = "trades: its attack's steps.")]
    public int? TradesIterations { get; set; }

    [Option("fast-step", MetaValue = "F", HelpText = "fast-at: its one step, in units of epsilon.")]
    public double? FastStep { get; set; }

    [Option("free-replays", MetaValue = "M", HelpText = "free-at: steps on the same batch.")]
    public int? FreeReplays { get; set; }

    [Option("lambda-jacobian", MetaValue = "L", HelpText = "jacobian-regularization: weight of the logits' Jacobian's squared norm.")]
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
