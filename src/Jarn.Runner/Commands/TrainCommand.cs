using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn train</c>: data, training, attacks, files, table.</summary>
public static class TrainCommand
{
    public static int Run(TrainOptions options)
    {
        if (options.Resume is string folder)
        {
            return Resumption.Run(options, folder);
        }
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = DeviceChoice.Of(options).Open();
        TrainingConfiguration configuration = TrainingConfiguration.Resolve(options, device.Description.Kind);
        Dataset data = DatasetOpening.Open(configuration.Request, configuration.DataDirectory, display);
        using RunDirectory directory = RunDirectory.Create(options.Output, data.Name, configuration.Method, DateTime.Now);
        DatasetOpening.Note(data);
        if (!options.Quiet && configuration.Device == DeviceKind.Cpu && OptionValue.Named<Preset>("--preset", options.Preset) == Preset.Auto)
        {
            display.Note(CostOfPaper(options, configuration, data));
        }
        Execute(configuration, device, data, directory, display, options.Profile);
        return 0;
    }

    /// <summary>Runs to the end what was made ready, and shows what came of it.</summary>
    internal static void Execute(
        TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display, bool profiling)
    {
        using Interruption interruption = Interruption.OfProcess();
        RunResults results = new TrainingRun(configuration, device, data, directory, display, interruption).Execute(profiling);
        ResultTable.Print(Terminal.Output, results, configuration, data.StandInReason);
        Console.WriteLine($"Files: {directory.Folder}");
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
