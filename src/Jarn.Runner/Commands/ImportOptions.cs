using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn import</c>, as typed.</summary>
[Verb("import", HelpText = "Make a run's folder of a safetensors file, from 'jarn export' or from elsewhere.")]
public sealed class ImportOptions
{
    [Option("input", Required = true, MetaValue = "FILE", HelpText = "Tensors named as docs/checkpoint-format.md tells.")]
    public string Input { get; set; } = "";

    [Option("output", Required = true, MetaValue = "DIR", HelpText = "The new folder, for 'jarn evaluate --checkpoint DIR'.")]
    public string Output { get; set; } = "";

    [Option("network", MetaValue = "NAME", HelpText = "mnist-cnn or wide-resnet: for a file that does not say so itself, as do the options below.")]
    public string? Network { get; set; }

    [Option("dataset", MetaValue = "NAME", HelpText = "What it was trained on: the images' shape and the classes.")]
    public string? Dataset { get; set; }

    [Option("width", MetaValue = "N", HelpText = "Wide-ResNet: factor on its channels; 10 without it.")]
    [HeededBy("network", "wide-resnet")]
    public int? Width { get; set; }

    [Option("depth", MetaValue = "N", HelpText = "Wide-ResNet: layers; 32 without it.")]
    [HeededBy("network", "wide-resnet")]
    public int? Depth { get; set; }

    [Option("activation", MetaValue = "NAME", HelpText = "leaky-relu, relu, silu or softplus; the network's own without it.")]
    public string? Activation { get; set; }

    [Option("input-scale", MetaValue = "S", HelpText = "Factor on pixels in [0, 1] inside the classifier; 1 without it.")]
    public double? InputScale { get; set; }

    [Option("input-normalization", MetaValue = "HOW", HelpText = "Inside the classifier: l2 (per sample zero mean, unit norm) or none (without it).")]
    public string? InputNormalization { get; set; }

    [Option("epsilon", MetaValue = "E", HelpText = "The perturbations that it is to be measured with; those of the data set's recipe without it.")]
    public string? Epsilon { get; set; }

    /// <summary>For the help.</summary>
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("What 'jarn export --format safetensors' wrote", new ImportOptions { Input = "mnist.safetensors", Output = "runs/imported" }),
        new Example("Trained elsewhere", new ImportOptions { Input = "wrn.safetensors", Output = "runs/wrn", Network = "wide-resnet", Dataset = "cifar10" }),
    ];
}
