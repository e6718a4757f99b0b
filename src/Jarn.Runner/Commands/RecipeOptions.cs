using System.Globalization;
using CommandLine;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>A preset, and options that override parts of it: the settings of the recipe, the methods and the networks.</summary>
[OptionGroup("Recipe: choose a preset, override parts")]
[SettingOptions(SettingKind.Recipe, SettingKind.Method, SettingKind.Network)]
public abstract class RecipeOptions : ComputeOptions, ISettingOptions
{
    [Option("preset", Default = "auto", MetaValue = "NAME", HelpText = "paper, small (minutes on two cores) or auto (paper on GPUs, else small).")]
    public string Preset { get; set; } = "auto";

    [Option("network", MetaValue = "NAME", HelpText = "{networks}. Default: the first of them that takes the images.")]
    public string? Network { get; set; }

    [Option("limit-train", MetaValue = "N", HelpText = "Train on the first N images only.")]
    public int? LimitTrain { get; set; }

    [Option("checkpoint-every", MetaValue = "N", HelpText = "Save every N steps, or after a time such as 90s or 2h. Default: 10m.")]
    public string? CheckpointEvery { get; set; }

    [Option("keep-checkpoints", MetaValue = "K", HelpText = "Keep the last K checkpoints until the run ends. Default: 2.")]
    public int? KeepCheckpoints { get; set; }

    [Option("report", Default = "on", MetaValue = "HOW", HelpText = "Write report.html at the end (takes some seconds): on or off.")]
    public string Report { get; set; } = "on";

    [Option("tensorboard", Default = "on", MetaValue = "HOW", HelpText = "Write a log for TensorBoard: on or off.")]
    public string TensorBoard { get; set; } = "on";

    /// <inheritdoc/>
    public Dictionary<string, object?> Settings { get; } = [];

    /// <summary>Refuses options that were typed and have no effect on any of some runs.</summary>
    /// <exception cref="UserErrorException">There is one; the message says what it is for.</exception>
    public void RequireHeeded(IReadOnlyCollection<TrainingConfiguration> runs)
    {
        Require("method", run => run.Method);
        Require("network", run => run.Recipe.Network.Name);
        Require("dataset", run => run.Dataset);
        Require("input-normalization", run => run.Recipe.NormalizeInput ? "l2" : "none");
        Require("data", run => OptionValue.Word(run.Data));

        void Require(string setting, Func<TrainingConfiguration, string> value) =>
            Heeding.Require(GetType(), Typed, setting, [.. runs.Select(value).Distinct()]);
    }

    /// <summary>Which files for people a run writes.</summary>
    /// <exception cref="UserErrorException">A value is neither on nor off.</exception>
    public RunOutputs Outputs =>
        new(OptionValue.Choice("--report", Report, "on", "off"), OptionValue.Choice("--tensorboard", TensorBoard, "on", "off"));

    /// <summary>When the training is to be saved.</summary>
    /// <param name="otherwise">The schedule if no option was typed.</param>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public CheckpointSchedule Schedule(CheckpointSchedule otherwise) => (CheckpointEvery is null ? otherwise : ParseSchedule(CheckpointEvery)) with
    {
        Keep = OptionValue.AtLeastOne("--keep-checkpoints", KeepCheckpoints ?? otherwise.Keep),
    };

    /// <summary>500, 90s, 10m or 2h.</summary>
    private static CheckpointSchedule ParseSchedule(string text)
    {
        (string digits, int seconds) = text switch
        {
            [.. string number, 's'] => (number, 1),
            [.. string number, 'm'] => (number, 60),
            [.. string number, 'h'] => (number, 3600),
            _ => (text, 0),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1
            ? seconds == 0
                ? CheckpointSchedule.Default with { Steps = count, Seconds = null }
                : CheckpointSchedule.Default with { Seconds = (double)count * seconds }
            : throw new UserErrorException($"--checkpoint-every is {text}: give a number of steps such as 500, or a time such as 90s, 10m or 2h");
    }
}
