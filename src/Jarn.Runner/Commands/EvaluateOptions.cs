using CommandLine;
using CommandLine.Text;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn evaluate</c>, as typed.</summary>
[Verb("evaluate", HelpText = "Measure a trained classifier: its accuracy, and its accuracy under attack.")]
public sealed class EvaluateOptions : ComputeOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, or its model.safetensors.")]
    public string Checkpoint { get; set; } = "";

    [Option("dataset", MetaValue = "NAME", HelpText = "Data set to measure on (default: the one that the classifier was trained on).")]
    public string? Dataset { get; set; }

    [Option("attacks", MetaValue = "A,A", HelpText = "{attacks} (default: those of the data set's recipe).")]
    public string? Attacks { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of the perturbations, such as 0.3 or 8/255 (default: from the classifier's recipe).")]
    public string? Epsilon { get; set; }

    [Option("restarts", Default = 1, MetaValue = "R",
        HelpText = "Random starts of each attack. An image counts as robust only if it survives all of them.")]
    [HeededBy("attack", Heeding.WithRandomStart)]
    public int Restarts { get; set; } = 1;

    [Option("bn-mode", Default = "running", MetaValue = "WHICH", HelpText = "Batch norm statistics: running, or batch as in the authors' release.")]
    [HeededBy("network", Heeding.WithBatchNorm)]
    public string BatchNormMode { get; set; } = "running";

    [Option("source", MetaValue = "PATH", HelpText = "Use the gradients of this other run's classifier (transfer attack).")]
    public string? Source { get; set; }

    [Option("limit-test", MetaValue = "N", HelpText = "Measure only the first N test images.")]
    public int? LimitTest { get; set; }

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Random seed of the attacks.")]
    [HeededBy("attack", Heeding.WithRandomStart)]
    public ulong Seed { get; set; }

    [Option("output", MetaValue = "FILE", HelpText = "Also write the results to this new JSON file.")]
    public string? Output { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Attack a run's classifier as the paper does", new EvaluateOptions { Checkpoint = "runs/mnist" }),
        new Example("Ten random starts, with the loss that does not saturate",
            new EvaluateOptions { Checkpoint = "runs/mnist", Attacks = "pgd40-margin", Restarts = 10 }),
        new Example("With the gradients of another classifier", new EvaluateOptions { Checkpoint = "runs/mnist", Source = "runs/other" }),
    ];
}
