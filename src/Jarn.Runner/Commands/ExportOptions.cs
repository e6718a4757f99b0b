using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn export</c>, as typed.</summary>
[Verb("export", HelpText = "Export a classifier as ONNX (checked against ONNX Runtime) or safetensors.")]
public sealed class ExportOptions
{
    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, its model.safetensors, or one of its checkpoints.")]
    public string Checkpoint { get; set; } = "";

    [Option("format", MetaValue = "FORMAT", HelpText = "onnx or safetensors. Default: as the extension of --output says.")]
    public string? Format { get; set; }

    [Option("output", Required = true, MetaValue = "FILE", HelpText = "The file to write.")]
    public string Output { get; set; } = "";

    [Option("layout", MetaValue = "ORDER", HelpText = "onnx: order of the input's axes, nchw (default) or nhwc.")]
    public string? Layout { get; set; }

    [Option("batch", MetaValue = "N", HelpText = "onnx: images per batch; dynamic (default) allows any number.")]
    public string? Batch { get; set; }

    [Option("softmax", HelpText = "onnx: output probabilities instead of logits.")]
    public bool Softmax { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Export to ONNX, with the axes in PyTorch's order", new ExportOptions { Checkpoint = "runs/mnist", Output = "mnist.onnx" }),
        new Example("Output probabilities, for one image at a time",
            new ExportOptions { Checkpoint = "runs/mnist", Output = "mnist.onnx", Batch = "1", Softmax = true }),
    ];
}
