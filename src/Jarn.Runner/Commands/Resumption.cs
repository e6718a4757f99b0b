using System.Text.Json;
using System.Text.Json.Nodes;
using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn train --resume DIR</c>: an interrupted run goes on as it was begun, to the same bytes.</summary>
public static class Resumption
{
    /// <summary>The options that don't decide how a run goes, and so may change when it is resumed.</summary>
    private static readonly string[] Free = ["device", "threads", "data_directory", "schedule"];

    public static int Run(TrainOptions options, string folder)
    {
        using RunDirectory directory = RunDirectory.Resume(folder);
        RunConfiguration run = RunConfiguration.Read(directory.Config);
        TrainingConfiguration begun = run.Options;
        RefuseContradictions(options, run, directory);
        if (directory.IsFinished)
        {
            directory.Finish();
            Console.WriteLine($"The run in {folder} is finished: there is nothing to resume");
            return 0;
        }
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = DeviceChoice.Of(options, begun).Open();
        TrainingConfiguration configuration = begun with
        {
            Device = device.Description.Kind,
            DataDirectory = options.DataDirectory ?? begun.DataDirectory,
            Schedule = options.Schedule(begun.Checkpoints),
        };
        // Images that were drawn are drawn again, even where real ones have come to hand since.
        DatasetRequest request = configuration.Request with { Choice = run.StandInReason is null ? DataChoice.Real : DataChoice.Sketch };
        Dataset data = DatasetLoading.Load(configuration.Provider, request, options.DataDirectory, display, run);
        DatasetLoading.Note(data);
        TrainCommand.Execute(configuration, device, data, directory, display, options.Profile, options.Outputs);
        return 0;
    }

    /// <exception cref="UserErrorException">An option was typed whose value is not the run's.</exception>
    private static void RefuseContradictions(TrainOptions options, RunConfiguration run, RunDirectory directory)
    {
        TrainingConfiguration begun = run.Options;
        if (options.Output is not null)
        {
            throw new UserErrorException(
                $"--output and --resume are both given, but a run continues in its own folder, {directory.Folder}: leave --output out");
        }
        TrainingConfiguration asked = begun.With(options);
        options.RequireHeeded([run.StandInReason is null ? asked : asked with { Data = DataChoice.Sketch }]);
        if (FirstDifference(Json(begun), Json(asked)) is var (key, was, wished))
        {
            throw new UserErrorException($"the run in {directory.Folder} was started with {key} {was}, not {wished}: "
                + "leave that option out, or start a new run without --resume");
        }
    }

    private static JsonObject Json(TrainingConfiguration configuration) =>
        JsonSerializer.SerializeToNode(configuration, JsonFile.Options)!.AsObject();

    private static Difference? FirstDifference(JsonObject begun, JsonObject asked)
    {
        foreach ((string key, JsonNode? value) in begun.Where(pair => !Free.Contains(pair.Key)))
        {
            JsonNode? other = asked[key];
            if (value is JsonObject inner && other is JsonObject otherInner)
            {
                if (FirstDifference(inner, otherInner) is { } difference)
                {
                    return difference.Key == MethodSettingsConverter.NameKey ? difference with { Key = key } : difference;
                }
            }
            else if (!JsonNode.DeepEquals(value, other))
            {
                return new Difference(key, Text(value), Text(other));
            }
        }
        return null;
    }

    private sealed record Difference(string Key, string Was, string Wished);

    private static string Text(JsonNode? value) => value?.ToJsonString(JsonFile.Compact).Trim('"') ?? "unset";
}
