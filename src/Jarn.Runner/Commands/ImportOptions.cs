using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn import</c>, as typed.</summary>
[Verb("import", HelpText = "Import a classifier from a safetensors file, to evaluate, audit or export it.")]
[SettingOptions(SettingKind.Network)]
public sealed class ImportOptions : ISettingOptions
{
    [Option("input", Required = true, MetaValue = "FILE", HelpText = "A safetensors file with the tensors that docs/checkpoint-format.md lists.")]
    public string Input { get; set; } = "";

    [Option("output", Required = true, MetaValue = "DIR", HelpText = "The folder to create, for 'jarn evaluate --checkpoint DIR'.")]
    public string Output { get; set; } = "";

    [Option("network", MetaValue = "NAME", HelpText = "{networks}. Files from 'jarn export' need none of the options below.")]
    public string? Network { get; set; }

    [Option("dataset", MetaValue = "NAME", HelpText = "The data set it was trained on: gives image size and classes.")]
    public string? Dataset { get; set; }

    [Option("input-scale", MetaValue = "S", HelpText = "The classifier multiplies pixels in [0, 1] by S; default: 1.")]
    public double? InputScale { get; set; }

    [Option("input-normalization", MetaValue = "HOW", HelpText = "In the classifier: l2 (each image to zero mean and unit norm) or none (default).")]
    public string? InputNormalization { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "Size of perturbations to measure it with; default: the data set's usual one.")]
    public string? Epsilon { get; set; }

    /// <inheritdoc/>
    public Dictionary<string, object?> Settings { get; } = [];

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example(
            "Import a file from 'jarn export --format safetensors'", new ImportOptions { Input = "mnist.safetensors", Output = "runs/imported" }),
        new Example("Import a Wide-ResNet that was trained elsewhere",
            new ImportOptions { Input = "wrn.safetensors", Output = "runs/wrn", Network = "wide-resnet", Dataset = "cifar10" }),
    ];
}
