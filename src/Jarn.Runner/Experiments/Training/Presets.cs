using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The sources of settings that are not given.</summary>
public enum Preset
{
    /// <summary><see cref="Paper"/> on a GPU, <see cref="Small"/> elsewhere.</summary>
    Auto,

    /// <summary>The paper's recipe in full; where it is silent, its authors' code, and where that is silent too, ours (docs/results.md).</summary>
    Paper,

    /// <summary>The same experiment at a size that two CPU cores finish in about five minutes.</summary>
    Small,
}

/// <summary>The recipes, by preset and data set. Method and network have their own settings, and the presets' values for them.</summary>
public static class Presets
{
    /// <summary>The preset that <see cref="Preset.Auto"/> stands for on a device.</summary>
    public static Preset For(DeviceKind device) => device is DeviceKind.Cuda or DeviceKind.OpenCL ? Preset.Paper : Preset.Small;

    /// <param name="context">The preset, paper or small, and the data set.</param>
    /// <param name="method">The training method.</param>
    /// <param name="network">The network to train.</param>
    public static Recipe Recipe(PresetContext context, MethodDefinition method, NetworkDefinition network)
    {
        Recipe common = (context.Preset, context.Dataset) switch
        {
            (Preset.Paper, "mnist") => PaperMnist,
            (_, "fashion-mnist") => SmallMnist with { ThreatModel = ThreatModel.LInf(0.1) },
            _ when context.IsGrey => SmallMnist,
            (Preset.Paper, "svhn") => Svhn,
            (Preset.Paper, _) => Cifar,
            (Preset.Small, _) => SmallColour,
            _ => throw new ArgumentException($"{context.Preset} is no recipe", nameof(context)),
        };
        return common with { Method = method.Preset(context), Network = context.Preset == Preset.Paper ? network.Defaults : network.Small };
    }

    private static Recipe SmallMnist { get; } = new()
    {
        Method = new StandardSettings(),
        Network = new MnistCnnSettings(),
        Epochs = 20,
        BatchSize = 64,
        Optimiser = OptimiserKind.Adam,
        LearningRate = 1e-3,
        LearningRateDrops = [],
        WeightDecay = 2e-4,
        ThreatModel = ThreatModel.LInf(0.3),
        Augmentation = Augmentation.None,
        InputScale = 1,
        NormalizeInput = false,
        Attacks = ["fgsm", "pgd5", "pgd40"],
    };

    /// <summary>
    /// What comes nearest to Table 1 (docs/lab/mnist-riddle.md): pixels up to 255 and no weight decay saturate the softmax. The margin attacks show
    /// what that is worth.
    /// </summary>
    private static Recipe PaperMnist { get; } = SmallMnist with
    {
        Epochs = 12,
        LearningRateDrops = [0.9],
        WeightDecay = 0,
        InputScale = 255,
        Attacks = [.. SmallMnist.Attacks, "fgsm-margin", "pgd40-margin"],
    };

    /// <summary>Section 4.3, after Madry et al.; the optimiser of discriminator and adaptor is the classifier's (authors' code).</summary>
    private static Recipe Cifar { get; } = new()
    {
        Method = new StandardSettings(),
        Network = new WideResNetSettings(),
        Steps = 80_000,
        BatchSize = 128,
        Optimiser = OptimiserKind.Sgd,
        LearningRate = 0.1,
        LearningRateDrops = [0.5, 0.75],
        WeightDecay = 2e-4,
        ThreatModel = ThreatModel.LInf(8.0 / 255),
        Augmentation = Augmentation.CropAndFlip,
        InputScale = 1,
        NormalizeInput = true,
        Attacks = ["fgsm", "pgd5", "pgd10", "pgd20"],
    };

    /// <summary>Section 4.2. A mirror image of a digit is no digit, and SVHN's crops are tight: no augmentation (ours).</summary>
    private static Recipe Svhn { get; } = Cifar with { Augmentation = Augmentation.None };

    /// <summary>
    /// The networks at their narrowest and an eightieth of the steps; JARN sets in at a tenth of the first learning rate, since so few steps at a
    /// hundredth would change nothing. A few passes over the images need no augmentation.
    /// </summary>
    private static Recipe SmallColour { get; } = Cifar with
    {
        Steps = 1000,
        BatchSize = 64,
        LearningRateDrops = [0.75, 0.95],
        Augmentation = Augmentation.None,
        NormalizeInput = false,
        LimitTest = 1000,
    };
}
