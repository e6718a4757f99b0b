using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn report</c>: writes the page of a finished run again.</summary>
public static class ReportCommand
{
    public static int Run(ReportOptions options)
    {
        int? images = options.Images is int count ? OptionValue.AtLeastOne("--images", count) : null;
        if (RunOverview.Of(options.Checkpoint) is { State: RunState.Imported })
        {
            throw new UserErrorException(
                $"{options.Checkpoint} was imported, so there is no training to report: "
                + $"'jarn audit --checkpoint {options.Checkpoint} --output audit.html' measures it and writes a page");
        }
        RunOutputs outputs = new(Report: true, OptionValue.Choice("--tensorboard", options.TensorBoard, "on", "off"));
        RunDirectory run = RunDirectory.Existing(options.Checkpoint);
        using IDevice device = DeviceChoice.Of(options).Open();
        Write(run, outputs, options.DataDirectory, images, device, Display.For(options.Quiet));
        return 0;
    }

    /// <param name="directory">The folder of a finished run.</param>
    /// <param name="outputs">Which pages and logs to write.</param>
    /// <param name="dataDirectory">The folder of the run's images; null for the one that they were read from.</param>
    /// <param name="images">The number of images of the ε sweep, see <see cref="RunFindings.Measure"/>.</param>
    /// <exception cref="UserErrorException">A file of the run, or its images, are missing or damaged.</exception>
    internal static void Write(RunDirectory directory, RunOutputs outputs, string? dataDirectory, int? images, IDevice device, IDisplay display)
    {
        RunConfiguration run = RunConfiguration.Read(directory.Config);
        Dataset data = Images(directory, dataDirectory, run, display);
        outputs.Write(directory, device, data.Test, images, display);
        Console.WriteLine($"Page: {directory.Report}");
    }

    /// <summary>Loads the images that the run was measured on: drawn ones only if those were drawn.</summary>
    private static Dataset Images(RunDirectory directory, string? dataDirectory, RunConfiguration run, IDisplay display)
    {
        TrainingConfiguration configuration = run.Options;
        // The least of the training images that a request can do without.
        DataChoice choice = run.StandInReason is null ? DataChoice.Real : DataChoice.Sketch;
        DatasetRequest request = new(choice, TrainLimit: 1, configuration.Recipe.LimitTest);
        Dataset data = DatasetLoading.Load(configuration.Provider, request, dataDirectory, display, run);
        return data.Files.FirstOrDefault(file => run.Data.All(known => known.Sha256 != file.Sha256)) is FileRead stranger
            ? throw new UserErrorException(
                $"{stranger.Path} is not one of the files that {directory.Folder} was trained and measured on: "
                + "give the folder of those files to --data-dir")
            : data;
    }
}
