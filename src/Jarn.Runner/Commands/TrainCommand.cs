using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn train</c>: trains a classifier, measures it under attacks, and writes the run's files.</summary>
public static class TrainCommand
{
    public static int Run(TrainOptions options)
    {
        if (options.Resume is string folder)
        {
            if (options.Config is not null)
            {
                throw new UserErrorException("--config and --resume are both given, but a resumed run keeps its own settings: give one of them");
            }
            return Resumption.Run(options, folder);
        }
        RunOutputs outputs = options.Outputs;
        IDisplay display = Display.For(options.Quiet);
        RunConfiguration? again = options.Config is string path ? ConfigFile.Read(path) : null;
        using IDevice device = (again is null ? DeviceChoice.Of(options) : DeviceChoice.Of(options, again.Options)).Open();
        TrainingConfiguration configuration = again is null ? options.Resolve(device.Description.Kind) : Repeated(again, options, device);
        options.RequireHeeded([configuration]);
        Dataset data = DatasetLoading.Load(configuration.Provider, configuration.Request, configuration.DataDirectory, display);
        if (again is not null && !again.Data.Select(file => file.Sha256).SequenceEqual(data.Files.Select(file => file.Sha256)))
        {
            Console.Error.WriteLine($"Note: these images are not the ones of {options.Config}, so the model will differ.");
        }
        using RunDirectory directory = RunDirectory.Create(options.Output, data.Name, configuration.Method, DateTime.Now);
        DatasetLoading.Note(data);
        if (again is null && !options.Quiet && configuration.Device == DeviceKind.Cpu
            && OptionValue.Named<Preset>("--preset", options.Preset) == Preset.Auto)
        {
            display.Note(CostOfPaper(options, configuration, data));
        }
        Execute(configuration, device, data, directory, display, options.Profile, outputs);
        return 0;
    }

    /// <summary>Runs to the end what was made ready, and shows what came of it.</summary>
    internal static void Execute(
        TrainingConfiguration configuration, IDevice device, Dataset data, RunDirectory directory, IDisplay display, bool profiling,
        RunOutputs outputs)
    {
        using Interruption interruption = Interruption.OfProcess();
        using IRunFollower follower = outputs.Follow(directory);
        TrainingRun run = new(configuration, device, data, directory, display, interruption, follower);
        RunResults results = run.Execute(profiling ? (entries, milliseconds) => ProfileTable.Print(Terminal.Output, entries, milliseconds) : null);
        ResultTable.Print(Terminal.Output, results, configuration, data.StandInReason);
        if (results.NonFiniteLogits is null)
        {
            follower.Finish(device, data.Test, display);
        }
        Console.WriteLine($"Files: {directory.Folder}");
    }

    /// <summary>The settings of an earlier run with the options that were typed. The run's data may be in another place now.</summary>
    private static TrainingConfiguration Repeated(RunConfiguration run, TrainOptions options, IDevice device)
    {
        if (options.Typed.Contains("preset"))
        {
            throw new UserErrorException("--config and --preset are both given, but each defines the whole recipe: give one of them");
        }
        // Images that were drawn are drawn again, even where real ones have come to hand since, and real ones are not replaced by drawn ones.
        DataChoice images = options.Typed.Contains("data") || options.Typed.Contains("dataset") ? run.Options.Data
            : run.StandInReason is null ? DataChoice.Real : DataChoice.Sketch;
        TrainingConfiguration begun = run.Options with
        {
            Data = images,
            DataDirectory = options.DataDirectory,
            Device = device.Description.Kind,
            Threads = options.Typed.Contains("threads") ? options.Threads : run.Options.Threads,
            Schedule = options.Schedule(run.Options.Checkpoints),
        };
        return begun.With(options);
    }

    /// <summary>
    /// The time of the preset paper, which the preset auto avoids. Measured on a device of its own, so that its memory goes back to the system.
    /// </summary>
    private static string CostOfPaper(TrainOptions options, TrainingConfiguration configuration, Dataset data)
    {
        using IDevice device = DeviceChoice.Of(options).Open();
        TrainingConfiguration paper = configuration with
        {
            Preset = Preset.Paper,
            Recipe = TrainingConfiguration.PresetRecipe(Preset.Paper, configuration.Dataset, configuration.Method, options.Network),
        };
        RecipeCost cost = RecipeCost.Measure(device, paper, data.Train);
        return $"preset small (--preset auto on a CPU); the paper's recipe, --preset paper, would take about {cost.InWords} here: "
            + $"{cost.Steps} steps of {cost.BatchSize} images, estimated from a few measured steps";
    }
}
