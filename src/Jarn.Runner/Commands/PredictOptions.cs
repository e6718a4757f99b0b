using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn predict</c>, as typed.</summary>
[Verb("predict", HelpText = "Classify image files, and picture the Jacobians that the classifier has there.")]
public sealed class PredictOptions : DeviceOptions
{
    [Value(0, MetaName = "IMAGES", HelpText = "PNG, JPEG, GIF, BMP or WebP files.")]
    public IEnumerable<string> Images { get; set; } = [];

    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, or its model.safetensors.")]
    public string Checkpoint { get; set; } = "";

    [Option("output", Default = ".", MetaValue = "DIR", HelpText = "Where jacobians.png goes; with a number behind its name where it is there already.")]
    public string Output { get; set; } = ".";

    /// <summary>For the help.</summary>
    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("What three pictures show, and why", new PredictOptions { Checkpoint = "runs/mnist", Images = ["one.png", "two.png", "three.png"] }),
    ];
}
