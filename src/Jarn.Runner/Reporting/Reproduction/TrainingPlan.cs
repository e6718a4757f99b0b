using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>A run that a table or figure needs.</summary>
/// <param name="Title">Names the model, the data set and the seed, for people.</param>
/// <param name="Found">The finished run; null where it must be trained.</param>
public sealed record PlannedRun(string Title, TrainingConfiguration Configuration, FinishedRun? Found);

/// <summary>The runs that tables and figures need, each once.</summary>
public sealed class TrainingPlan
{
    private readonly ExperimentRunner _runner;

    public TrainingPlan(ExperimentRunner runner, IEnumerable<PaperResult> results)
    {
        _runner = runner;
        Runs =
        [
            .. results.SelectMany(result => result.Models.Concat(result.Helpers))
                .SelectMany(model => model.Runs.Select(run => (Title: $"{model.Title} on {runner.Data(run).Name}, seed {run.Seed}", Run: run)))
                .DistinctBy(planned => RunIdentity.Of(planned.Run, runner.Data(planned.Run)).Fingerprint)
                .Select(planned => new PlannedRun(planned.Title, planned.Run, runner.Find(planned.Run))),
        ];
    }

    public IReadOnlyList<PlannedRun> Runs { get; }

    public IEnumerable<PlannedRun> Missing => Runs.Where(run => run.Found is null);

    /// <summary>A line on all of them, and one on each.</summary>
    /// <param name="measure">Estimates what no finished run tells the cost of; null where it can't be measured.</param>
    public IReadOnlyList<string> Describe(Func<TrainingConfiguration, Dataset, RecipeCost>? measure)
    {
        Dictionary<object, double> measured = [];
        List<string> lines = [];
        int missing = 0, unknown = 0;
        TimeSpan total = TimeSpan.Zero;
        foreach (PlannedRun run in Runs)
        {
            if (run.Found is FinishedRun found)
            {
                lines.Add($"  found: {run.Title} ({found.Directory.Folder})");
                continue;
            }
            missing++;
            if (Estimate(run.Configuration, measure, measured) is TimeSpan cost)
            {
                total += cost;
                lines.Add($"  to train: {run.Title} (about {RecipeCost.Words(cost)})");
            }
            else
            {
                unknown++;
                lines.Add($"  to train: {run.Title}");
            }
        }
        string known = missing == unknown ? "" : $", about {RecipeCost.Words(total)} (estimated from similar runs or from a few timed steps)";
        string rest = unknown == 0 ? "" : unknown == missing ? ", time unknown" : $", plus {unknown} of unknown time";
        return [$"Plan: {Runs.Count} runs, {Runs.Count - missing} found, {missing} to train{known}{rest}", .. lines];
    }

    private TimeSpan? Estimate(
        TrainingConfiguration run, Func<TrainingConfiguration, Dataset, RecipeCost>? measure, Dictionary<object, double> measured)
    {
        Dataset data = _runner.Data(run);
        Recipe recipe = run.Recipe;
        object kind = Kind(data.Name, _runner.Device.Description.Title, recipe);
        FinishedRun? alike = _runner.Runs.Finished.LastOrDefault(
            other => Kind(other.Identity.Dataset, other.Results.Device, other.Identity.Recipe).Equals(kind));
        if (alike is null && measure is null)
        {
            return null;
        }
        if (!measured.TryGetValue(kind, out double secondsPerImage))
        {
            measured[kind] = secondsPerImage = alike is not null
                ? alike.Results.SecondsPerEpoch / alike.Results.TrainExamples
                : measure!(run, data).SecondsPerImage;
        }
        return TimeSpan.FromSeconds(secondsPerImage * recipe.BatchSize * recipe.TotalSteps(data.Train.Count));
    }

    /// <summary>Equal for runs that take the same time per image.</summary>
    private static object Kind(string dataset, string device, Recipe recipe) =>
        (dataset, device, recipe.Network, recipe.Method.Name, recipe.Method.CostKey);
}
