using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Where unnamed settings come from.</summary>
public enum Preset
{
    /// <summary><see cref="Paper"/> on a GPU, <see cref="Small"/> elsewhere.</summary>
    Auto,

    /// <summary>The paper's recipe in full; where it is silent, its authors' code, and where that is silent too, ours (docs/results.md).</summary>
    Paper,

    /// <summary>The same experiment at a size that two CPU cores finish in about five minutes.</summary>
    Small,
}

/// <summary>The recipes, by preset and data set.</summary>
public static class Presets
{
    /// <summary>What <see cref="Preset.Auto"/> means on a device.</summary>
    public static Preset For(DeviceKind device) => device is DeviceKind.Cuda or DeviceKind.OpenCL ? Preset.Paper : Preset.Small;

    /// <param name="preset">Paper or small.</param>
    /// <param name="dataset">By its name on the command line.</param>
    public static Recipe Recipe(Preset preset, string dataset) => (preset, dataset) switch
    {
        (Preset.Small, "mnist") => SmallMnist,
        (Preset.Paper, "mnist") => PaperMnist,
        (_, "fashion-mnist") => SmallMnist with { Epsilon = 0.1 },
        (Preset.Paper, "svhn") => Svhn,
        (Preset.Paper, _) => Cifar,
        (Preset.Small, "svhn") => Small(Svhn),
        (Preset.Small, _) => Small(Cifar),
        _ => throw new ArgumentException($"{preset} is no recipe", nameof(preset)),
    };

    private static Recipe SmallMnist { get; } = new()
    {
        Epochs = 20,
        BatchSize = 64,
        Optimiser = OptimiserKind.Adam,
        LearningRate = 1e-3,
        LearningRateDrops = [],
        WeightDecay = 2e-4,
        Epsilon = 0.3,
        LambdaAdversarial = 1,
        LambdaGradient = 0.1,
        DiscriminatorWidths = [64, 128],
        DiscriminatorInterval = 10,
        DiscriminatorLearningRate = 1e-3,
        JarnFrom = 0.75,
        JarnLearningRateFactor = 0.05,
        Jacobian = JacobianDefinition.Loss,
        NormalizeJacobian = true,
        TrainingAttackIterations = 40,
        TrainingAttackStepSize = 0.01,
        Augmentation = Augmentation.None,
        InputScale = 1,
        NormalizeInput = false,
        Width = 1,
        Depth = 8,
        Attacks = ["fgsm", "pgd5", "pgd40"],
        EpsilonRamp = 0.3,
        Baselines = new BaselineRecipe { TradesBeta = 1, TradesIterations = 40 },
    };

    /// <summary>
    /// What comes nearest to Table 1 (docs/lab/mnist-riddle.md): pixels up to 255 and no weight decay saturate the softmax, and JARN at the full rate against
    /// a slow discriminator does so wholly. The margin attacks show what that is worth.
    /// </summary>
    private static Recipe PaperMnist { get; } = SmallMnist with
    {
        Epochs = 12,
        LearningRateDrops = [0.9],
        WeightDecay = 0,
        DiscriminatorLearningRate = 1e-5,
        JarnLearningRateFactor = 1,
        InputScale = 255,
        Attacks = [.. SmallMnist.Attacks, "fgsm-margin", "pgd40-margin"],
    };

    /// <summary>Section 4.3, after Madry et al.; the optimiser of discriminator and adaptor is the classifier's (authors' code).</summary>
    private static Recipe Cifar { get; } = new()
    {
        Steps = 80_000,
        BatchSize = 128,
        Optimiser = OptimiserKind.Sgd,
        LearningRate = 0.1,
        LearningRateDrops = [0.5, 0.75],
        WeightDecay = 2e-4,
        Epsilon = 8.0 / 255,
        LambdaAdversarial = 1,
        LambdaGradient = 0.1,
        DiscriminatorWidths = [32, 64, 128, 256, 512],
        DiscriminatorInterval = 20,
        DiscriminatorLearningRate = 0.1,
        JarnFrom = 0.75,
        JarnLearningRateFactor = 1,
        Jacobian = JacobianDefinition.Loss,
        NormalizeJacobian = true,
        TrainingAttackIterations = 7,
        TrainingAttackStepSize = 2.0 / 255,
        Augmentation = Augmentation.CropAndFlip,
        InputScale = 1,
        NormalizeInput = true,
        Width = 10,
        Depth = 32,
        Attacks = ["fgsm", "pgd5", "pgd10", "pgd20"],
    };

    /// <summary>Section 4.2. A mirror image of a digit is no digit, and SVHN's crops are tight: no augmentation (ours).</summary>
    private static Recipe Svhn { get; } = Cifar with
    {
        LambdaAdversarial = 5,
        DiscriminatorWidths = [16, 32, 64, 128, 256],
        Augmentation = Augmentation.None,
    };

    /// <summary>
    /// The networks at their narrowest and an eightieth of the steps; JARN sets in at a tenth of the first learning rate, since so few steps at a
    /// hundredth would change nothing, and meets a discriminator that learns more slowly, since one at the paper's rate knows all Jacobians at once. A few
    /// passes over the images need no augmentation.
    /// </summary>
    private static Recipe Small(Recipe paper) => paper with
    {
        Steps = 1000,
        BatchSize = 64,
        LearningRateDrops = [0.75, 0.95],
        DiscriminatorWidths = [.. paper.DiscriminatorWidths.Select(width => width / 2)],
        DiscriminatorLearningRate = 0.001,
        Augmentation = Augmentation.None,
        NormalizeInput = false,
        Width = 1,
        Depth = 8,
        LimitTest = 1000,
    };
}
