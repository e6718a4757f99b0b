using CommandLine;
using CommandLine.Text;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn audit</c>, as typed.</summary>
[Verb("audit", HelpText = "Test whether a classifier is robust or only looks robust, with AutoAttack and checks for masked gradients.")]
public sealed class AuditOptions : ComputeOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH",
        HelpText = "Folders of runs, or their model.safetensors. Each audit is kept in the folder audits beside the model.")]
    public IEnumerable<string> Checkpoints { get; set; } = [];

    [Option("dataset", MetaValue = "NAME", HelpText = "Data set to measure on (default: the one that the classifier was trained on).")]
    public string? Dataset { get; set; }

    [Option("examples", Default = 1000, MetaValue = "N",
        HelpText = "Number of test images: the first of each class, in equal numbers. The checks need 100 or more.")]
    public int Examples { get; set; } = 1000;

    [Option("version", Default = "standard", MetaValue = "WHICH",
        HelpText = "Version of AutoAttack: standard, or plus with more attacks and restarts.")]
    public string Version { get; set; } = "standard";

    [Option("epsilon", MetaValue = "E", HelpText = "Size of the perturbations, such as 0.3 or 8/255 (default: from the classifier's recipe).")]
    public string? Epsilon { get; set; }

    [Option("bn-mode", Default = "running", MetaValue = "WHICH", HelpText = "Batch norm statistics: running, or batch as in the authors' release.")]
    [HeededBy("network", Heeding.WithBatchNorm)]
    public string BatchNormMode { get; set; } = "running";

    [Option("source", MetaValue = "PATH", HelpText = "Other runs, whose adversarial images are tried as well (transfer attacks).")]
    public IEnumerable<string> Sources { get; set; } = [];

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Random seed.")]
    public ulong Seed { get; set; }

    [Option("output", MetaValue = "FILE", HelpText = "Also write an HTML page that compares all classifiers, to this new file.")]
    public string? Output { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> UsageExamples =>
    [
        new Example("Is this run's classifier robust?", new AuditOptions { Checkpoints = ["runs/mnist"] }),
        new Example("Compare two, with transfer attacks between them",
            new AuditOptions { Checkpoints = ["runs/a", "runs/b"], Sources = ["runs/a", "runs/b"], Output = "audit.html" }),
        new Example("A quicker look, at 100 images", new AuditOptions { Checkpoints = ["runs/cifar10"], Examples = 100 }),
    ];
}
