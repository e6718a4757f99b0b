using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn audit</c>, as typed.</summary>
[Verb("audit", HelpText = "Find out whether a classifier is robust or only looks so: AutoAttack, and checks for masked gradients.")]
public sealed class AuditOptions : ComputeOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "Runs' folders, or their model.safetensors; each gets audit.json beside it.")]
    public IEnumerable<string> Checkpoints { get; set; } = [];

    [Option("dataset", MetaValue = "NAME", HelpText = "What to measure on; what the classifier was trained on without it.")]
    public string? Dataset { get; set; }

    [Option("examples", Default = 1000, MetaValue = "N", HelpText = "Measure on so many test images, the first of each class, evenly.")]
    public int Examples { get; set; } = 1000;

    [Option("version", Default = "standard", MetaValue = "WHICH", HelpText = "Of AutoAttack: standard, or plus with more attacks and restarts.")]
    public string Version { get; set; } = "standard";

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations, as 0.3 or 8/255; that of the classifier's recipe without it.")]
    public string? Epsilon { get; set; }

    [Option("bn-mode", Default = "running", MetaValue = "WHICH", HelpText = "Batch norm's statistics: running, or batch as in the authors' release.")]
    [HeededBy("network", "wide-resnet")]
    public string BatchNormMode { get; set; } = "running";

    [Option("source", MetaValue = "PATH", HelpText = "Other runs, whose adversarial images are tried too: transfer attacks.")]
    public IEnumerable<string> Sources { get; set; } = [];

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Of the random numbers.")]
    public ulong Seed { get; set; }

    [Option("output", MetaValue = "FILE", HelpText = "Also set several classifiers side by side: a new page, as audit.html.")]
    public string? Output { get; set; }

    /// <summary>For the help.</summary>
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> UsageExamples =>
    [
        new Example("Is this run's classifier robust?", new AuditOptions { Checkpoints = ["runs/mnist"] }),
        new Example("Several side by side, each under the others' images",
            new AuditOptions { Checkpoints = ["runs/a", "runs/b"], Sources = ["runs/a", "runs/b"], Output = "audit.html" }),
        new Example("A quick look", new AuditOptions { Checkpoints = ["runs/cifar10"], Examples = 100 }),
    ];
}
