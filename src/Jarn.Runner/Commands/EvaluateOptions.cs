using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn evaluate</c>, as typed.</summary>
[Verb("evaluate", HelpText = "Attack a classifier that a run has left.")]
public sealed class EvaluateOptions : ComputeOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, or its model.safetensors.")]
    public string Checkpoint { get; set; } = "";

    [Option("dataset", MetaValue = "NAME", HelpText = "What to measure on; what the classifier was trained on without it.")]
    public string? Dataset { get; set; }

    [Option("attacks", MetaValue = "A,A", HelpText = "fgsm, pgd<steps>, and the same with -margin behind it; the data set's usual ones without it.")]
    public string? Attacks { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations, as 0.3 or 8/255; that of the classifier's recipe without it.")]
    public string? Epsilon { get; set; }

    [Option("restarts", Default = 1, MetaValue = "R", HelpText = "Random starts of an attack; the worst of them counts, image by image.")]
    [HeededBy("attack", "pgd")]
    public int Restarts { get; set; } = 1;

    [Option("bn-mode", Default = "running", MetaValue = "WHICH", HelpText = "Batch norm's statistics: running, or batch as in the authors' release.")]
    [HeededBy("network", "wide-resnet")]
    public string BatchNormMode { get; set; } = "running";

    [Option("source", MetaValue = "PATH", HelpText = "Follow the gradients of this other run's classifier: a transfer attack.")]
    public string? Source { get; set; }

    [Option("limit-test", MetaValue = "N", HelpText = "Measure on the first N images.")]
    public int? LimitTest { get; set; }

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Of the random starts.")]
    [HeededBy("attack", "pgd")]
    public ulong Seed { get; set; }

    [Option("output", MetaValue = "FILE", HelpText = "Also write the figures to this new JSON file.")]
    public string? Output { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Attack a run's classifier as the paper does", new EvaluateOptions { Checkpoint = "runs/mnist" }),
        new Example("The worst of ten starts, and a loss that never saturates", new EvaluateOptions { Checkpoint = "runs/mnist", Attacks = "pgd40-margin", Restarts = 10 }),
        new Example("With the gradients of another classifier", new EvaluateOptions { Checkpoint = "runs/mnist", Source = "runs/other" }),
    ];
}
