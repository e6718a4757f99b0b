using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>Turns options as typed into the settings of a training.</summary>
public static class ConfigurationResolver
{
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration Resolve(this TrainOptions options, DeviceKind device) =>
        options.Resolve(options.Dataset, options.Method, options.Seed, device) with { Extra = options.Extra };

    /// <param name="options">The preset, and the values that override it.</param>
    /// <param name="dataset">The name that <c>--dataset</c> takes.</param>
    /// <param name="method">The name that <c>--method</c> takes.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <param name="device">The device that computes the run. It determines what the preset auto means.</param>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration Resolve(this RecipeOptions options, string dataset, string method, ulong seed, DeviceKind device)
    {
        Preset preset = OptionValue.Named<Preset>("--preset", options.Preset) is var named && named != Preset.Auto ? named : Presets.For(device);
        DeviceChoice choice = DeviceChoice.Of(options);
        return new TrainingConfiguration(
            Datasets.Named(dataset).Name,
            OptionValue.Named<DataChoice>("--data", options.Data),
            options.DataDirectory,
            preset,
            seed,
            device,
            choice.Threads,
            choice.Winograd,
            options.LimitTrain is int train ? OptionValue.AtLeastOne("--limit-train", train) : null,
            TrainingConfiguration.PresetRecipe(preset, dataset, method, options.Network).Override(options.Settings),
            choice.MatMulPrecision,
            Schedule: options.Schedule(CheckpointSchedule.Default));
    }

    /// <summary>Settings of a run, and in their place those that were typed; device, threads, data folder and schedule are as they were.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration With(this TrainingConfiguration run, TrainOptions options)
    {
        // Options that were left out must not count: they keep the run's values.
        string dataset = Typed("dataset", options.Dataset, run.Dataset), method = Typed("method", options.Method, run.Method);
        TrainingConfiguration all = options.Resolve(dataset, method, options.Seed, run.Device);
        Preset preset = options.Preset == "auto" ? run.Preset : all.Preset;
        string? network = options.Network
            ?? (NetworkDefinition.List.Of(run.Recipe.Network).Takes(Datasets.Describe(dataset).Shape) ? run.Recipe.Network.Name : null);
        Recipe usual = TrainingConfiguration.PresetRecipe(preset, dataset, method, network);
        Recipe recipe = run.Recipe with
        {
            Method = method == run.Method ? run.Recipe.Method : usual.Method,
            Network = usual.Network.Name == run.Recipe.Network.Name ? run.Recipe.Network : usual.Network,
        };
        return run with
        {
            Dataset = all.Dataset,
            Data = Typed("data", all.Data, run.Data),
            Preset = preset,
            Seed = Typed("seed", all.Seed, run.Seed),
            Winograd = Typed("winograd", all.Winograd, run.Winograd),
            LimitTrain = Typed("limit-train", all.LimitTrain, run.LimitTrain),
            Recipe = recipe.Override(options.Settings),
            MatMulPrecision = Typed("matmul-precision", all.MatMulPrecision, run.MatMulPrecision),
            Extra = Typed("extra", options.Extra, run.Extra),
        };

        T Typed<T>(string option, T value, T otherwise) => options.Typed.Contains(option) ? value : otherwise;
    }
}
