using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn train</c>, as typed; what is null takes the preset's value.</summary>
[Verb("train", isDefault: true, HelpText = "Train a classifier, attack it, and set the result beside the paper's.")]
public sealed class TrainOptions
{
    [Option("dataset", Default = "mnist", MetaValue = "NAME", HelpText = "mnist or fashion-mnist.")]
    public string Dataset { get; set; } = "mnist";

    [Option("data", Default = "auto", MetaValue = "CHOICE", HelpText = "auto: real images, drawn digits where there are none; real: or stop; sketch: drawn digits.")]
    public string Data { get; set; } = "auto";

    [Option("data-dir", MetaValue = "DIR", HelpText = "Folder of the data files. Else $JARN_DATA, the cache folder, a download.")]
    public string? DataDirectory { get; set; }

    [Option("method", Default = "jarn", MetaValue = "NAME", HelpText = "standard, uniform-noise or jarn.")]
    public string Method { get; set; } = "jarn";

    [Option("epochs", MetaValue = "N", HelpText = "Passes over the training images (20).")]
    public int? Epochs { get; set; }

    [Option("batch-size", MetaValue = "N", HelpText = "Images a step (64).")]
    public int? BatchSize { get; set; }

    [Option("learning-rate", MetaValue = "RATE", HelpText = "Adam's, for the classifier (0.001).")]
    public double? LearningRate { get; set; }

    [Option("weight-decay", MetaValue = "RATE", HelpText = "L2, on weights of convolutions and linear layers (0.0002).")]
    public double? WeightDecay { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations and noise, as 0.3 or 8/255 (mnist 0.3, fashion-mnist 0.1).")]
    public string? Epsilon { get; set; }

    [Option("lambda-adv", MetaValue = "L", HelpText = "Weight of the adversarial loss (1).")]
    public double? LambdaAdversarial { get; set; }

    [Option("discriminator-interval", MetaValue = "K", HelpText = "The discriminator learns every K-th step (10).")]
    public int? DiscriminatorInterval { get; set; }

    [Option("discriminator-learning-rate", MetaValue = "RATE", HelpText = "Adam's, for discriminator and adaptor (0.001).")]
    public double? DiscriminatorLearningRate { get; set; }

    [Option("jarn-from", MetaValue = "F", HelpText = "The share of the steps after which JARN sets in (0.75).")]
    public double? JarnFrom { get; set; }

    [Option("jarn-learning-rate-factor", MetaValue = "F", HelpText = "Factor on the classifier's learning rate from then on (0.05).")]
    public double? JarnLearningRateFactor { get; set; }

    [Option("jacobian", MetaValue = "WHAT", HelpText = "Gradient of the loss (paper) or of the target-probability (authors' code): loss.")]
    public string? Jacobian { get; set; }

    [Option("jacobian-normalization", MetaValue = "HOW", HelpText = "l2 (per sample zero mean, unit norm) or none: l2.")]
    public string? JacobianNormalization { get; set; }

    [Option("input-scale", MetaValue = "S", HelpText = "Factor on pixels inside the classifier, 1 or 255 (1).")]
    public double? InputScale { get; set; }

    [Option("input-normalization", MetaValue = "HOW", HelpText = "Inside the classifier: l2 or none (none).")]
    public string? InputNormalization { get; set; }

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Of everything random: the same seed gives the same model, byte for byte.")]
    public ulong Seed { get; set; }

    [Option("device", Default = "auto", MetaValue = "NAME", HelpText = "auto, cpu, cuda, opencl, emulator or reference; see 'jarn devices'.")]
    public string Device { get; set; } = "auto";

    [Option("threads", Default = 0, MetaValue = "N", HelpText = "Of the CPU device; 0 is one per core.")]
    public int Threads { get; set; }

    [Option("winograd", Default = "on", MetaValue = "HOW", HelpText = "on: CPU convolutions by Winograd's algorithm where faster, rounding some five times coarser; off: direct.")]
    public string Winograd { get; set; } = "on";

    [Option("limit-train", MetaValue = "N", HelpText = "Train on the first N images.")]
    public int? LimitTrain { get; set; }

    [Option("limit-test", MetaValue = "N", HelpText = "Evaluate on the first N images.")]
    public int? LimitTest { get; set; }

    [Option("output", MetaValue = "DIR", HelpText = "Folder for the run's files; runs/<dataset>-<method>-<time> without it.")]
    public string? Output { get; set; }

    [Option("quiet", HelpText = "No progress; only the result.")]
    public bool Quiet { get; set; }

    [Option("profile", HelpText = "Print where the training steps' time went, by operation.")]
    public bool Profile { get; set; }

    /// <summary>What is no option: a verb that does not exist, or a value without its option's name.</summary>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Strays { get; set; } = [];

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples
    {
        get
        {
            UnParserSettings brief = new() { SkipDefault = true };
            yield return new Example("Train JARN on MNIST, attack it, and compare with the paper", brief, new TrainOptions { Epsilon = "0.3", Seed = 1 });
            yield return new Example("A short trial", brief, new TrainOptions { Method = "standard", Epochs = 1, LimitTrain = 10_000, LimitTest = 1_000 });
        }
    }
}
