using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Reports.Page;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn train</c>: data, training, attacks, files, table.</summary>
public static class TrainCommand
{
    public static int Run(TrainOptions options)
    {
        IDisplay display = Display.For(options.Quiet);
        bool wantsReport = options.WantsReport;
        using IDevice device = DeviceChoice.Of(options).Open();
        TrainingConfiguration configuration = TrainingConfiguration.Resolve(options, device.Description.Kind);
        DatasetSource source = DatasetSource.Named(configuration.Dataset);
        DatasetRequest request = new(options.Extra ? source.IncludingExtra() : source, configuration.Data, configuration.LimitTrain, configuration.Recipe.LimitTest);
        Dataset data = DatasetOpening.Open(request, configuration.DataDirectory, display);
        RunDirectory directory = RunDirectory.Create(options.Output, data.Name, configuration.Method, DateTime.Now);
        DatasetOpening.Note(data);
        if (!options.Quiet && configuration.Device == DeviceKind.Cpu && OptionValue.Named<Preset>("--preset", options.Preset) == Preset.Auto)
        {
            display.Note(CostOfPaper(options, configuration, data));
        }
        TrainingRun run = new(configuration, device, data, directory, display);
        RunResults results = run.Execute(options.Profile);
        ResultTable.Print(Terminal.Output, results, configuration, data.StandInReason);
        if (wantsReport)
        {
            RunReport.Write(directory, device, data.Test, sweepImages: null, display);
        }
        Console.WriteLine($"Files: {directory.Folder}");
        return 0;
    }

    /// <summary>What the preset auto leaves out. Measured on a device of its own, so that its memory goes back to the system.</summary>
    private static string CostOfPaper(TrainOptions options, TrainingConfiguration configuration, Dataset data)
    {
        using IDevice device = DeviceChoice.Of(options).Open();
        TrainingConfiguration paper = configuration with { Preset = Preset.Paper, Recipe = Presets.Recipe(Preset.Paper, configuration.Dataset) };
        RecipeCost cost = RecipeCost.Measure(device, paper, data.Train);
        return $"preset small (--preset auto on a CPU); the paper's recipe, --preset paper, would take about {cost.InWords} here: "
            + $"{cost.Steps} steps of {cost.BatchSize} images, from a few steps measured";
    }
}
