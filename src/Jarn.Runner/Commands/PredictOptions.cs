using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn predict</c>, as typed.</summary>
[Verb("predict", HelpText = "Classify images and picture the Jacobians of the classifier at them.")]
public sealed class PredictOptions : DeviceOptions
{
    [Value(0, MetaName = "IMAGES",
        HelpText = "PNG, JPEG, GIF, BMP or WebP files, or folders of them. A folder named like a class gives the true class.")]
    public IEnumerable<string> Images { get; set; } = [];

    [Option("checkpoint", Required = true, MetaValue = "PATH", HelpText = "A run's folder, its model.safetensors, or one of its checkpoints.")]
    public string Checkpoint { get; set; } = "";

    [Option("fit", Default = "crop", MetaValue = "HOW", HelpText = "Images of another aspect ratio: crop (their centre), pad or stretch.")]
    public string Fit { get; set; } = "crop";

    [Option("json", HelpText = "Print the predictions as JSON, with the probabilities of all classes.")]
    public bool Json { get; set; }

    [Option("output", Default = ".", MetaValue = "DIR", HelpText = "Folder for jacobians.png. An existing file is kept; the new one gets a number.")]
    public string Output { get; set; } = ".";

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("Classify three images", new PredictOptions { Checkpoint = "runs/mnist", Images = ["one.png", "two.png", "three.png"] }),
        new Example("Classify a folder of images, as JSON", new PredictOptions { Checkpoint = "runs/mnist", Json = true, Images = ["photos"] }),
    ];
}
