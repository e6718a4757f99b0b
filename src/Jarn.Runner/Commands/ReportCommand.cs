using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn report</c>: a finished run's folder and its images, and the page is written anew.</summary>
public static class ReportCommand
{
    public static int Run(ReportOptions options)
    {
        CommandLineInterface.RefuseStrays(options.Strays);
        int? images = options.Images is int count ? OptionValue.AtLeastOne("--images", count) : null;
        RunExtras extras = new(Report: true, OptionValue.Choice("--tensorboard", options.TensorBoard, "on", "off"));
        RunDirectory directory = RunDirectory.Existing(options.Checkpoint);
        RunConfiguration run = JsonFile.Read<RunConfiguration>(directory.Config);
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = DeviceChoice.Of(options).Open();
        Dataset data = Images(options, run, display);
        extras.Write(directory, device, data.Test, images, display);
        Console.WriteLine($"Page: {directory.Report}");
        return 0;
    }

    /// <summary>Those that the run was measured on, and no others: drawn images again where those were drawn.</summary>
    private static Dataset Images(ReportOptions options, RunConfiguration run, IDisplay display)
    {
        TrainingConfiguration configuration = run.Options;
        DataChoice choice = run.StandInReason is null ? DataChoice.Real : DataChoice.Sketch;
        // The least of the training images that a request can do without.
        DatasetRequest request = new(DatasetSource.Named(configuration.Dataset), choice, TrainLimit: 1, configuration.Recipe.LimitTest);
        Dataset data = DatasetOpening.Open(request, options.DataDirectory ?? configuration.DataDirectory, display);
        return data.Files.FirstOrDefault(file => run.Data.All(known => known.Sha256 != file.Sha256)) is FileRead stranger
            ? throw new UserErrorException($"{stranger.Path} is none of the files that {options.Checkpoint} was made from: give the folder of those to --data-dir") : data;
    }
}
