using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn export</c>, as typed.</summary>
[Verb("export", HelpText = "Write a run's classifier as ONNX, checked against ONNX Runtime, or as safetensors.")]
public sealed class ExportOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, or its model.safetensors.")]
    public string Checkpoint { get; set; } = "";

    [Option("format", MetaValue = "FORMAT", HelpText = "onnx or safetensors. Default: as the extension of --output says.")]
    public string? Format { get; set; }

    [Option("output", Required = true, MetaValue = "FILE", HelpText = "The new file.")]
    public string Output { get; set; } = "";

    [Option("layout", MetaValue = "ORDER", HelpText = "onnx: the images' order, nchw (the default) or nhwc.")]
    public string? Layout { get; set; }

    [Option("batch", MetaValue = "N", HelpText = "onnx: images at a time; dynamic (the default) for any number.")]
    public string? Batch { get; set; }

    [Option("softmax", HelpText = "onnx: give probabilities, not logits.")]
    public bool Softmax { get; set; }

    /// <summary>For the help.</summary>
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("For ONNX Runtime, pictures as PyTorch orders them", new ExportOptions { Checkpoint = "runs/mnist", Output = "mnist.onnx" }),
        new Example("Probabilities of one picture at a time", new ExportOptions { Checkpoint = "runs/mnist", Output = "mnist.onnx", Batch = "1", Softmax = true }),
    ];
}
