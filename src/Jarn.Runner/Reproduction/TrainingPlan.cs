using Jarn.Runner.Data;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Reproduction;

/// <summary>A run that a target needs.</summary>
/// <param name="Title">Of its model, and its seed.</param>
/// <param name="Configuration">How it is made.</param>
/// <param name="Found">The finished run; null where it must be trained.</param>
/// <param name="Seconds">What training it may take, by finished runs of the kind on this device; null where there are none.</param>
public sealed record PlannedRun(string Title, TrainingConfiguration Configuration, FinishedRun? Found, double? Seconds);

/// <summary>The runs that targets need, each once.</summary>
public sealed class TrainingPlan
{
    public TrainingPlan(Laboratory laboratory, IEnumerable<Target> targets) => Runs =
    [
        .. targets.SelectMany(target => target.Models.Concat(target.Helpers))
            .SelectMany(model => model.Runs.Select(run => (Title: $"{model.Title} on {laboratory.Data(run).Name}, seed {run.Seed}", Run: run)))
            .DistinctBy(planned => RunIdentity.Of(planned.Run, laboratory.Data(planned.Run)).Fingerprint)
            .Select(planned => new PlannedRun(planned.Title, planned.Run, laboratory.Find(planned.Run), Estimate(laboratory, planned.Run))),
    ];

    public IReadOnlyList<PlannedRun> Runs { get; }

    public IEnumerable<PlannedRun> Missing => Runs.Where(run => run.Found is null);

    /// <summary>A line on all of them, and one on each.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            int missing = Missing.Count(), unknown = Missing.Count(run => run.Seconds is null);
            string cost = missing == unknown ? "" : $", about {Duration(Missing.Sum(run => run.Seconds ?? 0))} of training by what finished runs took";
            yield return $"Plan: {Runs.Count} runs, {Runs.Count - missing} found, {missing} to train{cost}"
                + (unknown == 0 ? "." : $"; nothing is known of how long {(unknown == missing ? "they take" : $"{unknown} of them take")}.");
            foreach (PlannedRun run in Runs)
            {
                yield return run.Found is FinishedRun found ? $"  found: {run.Title} ({found.Directory.Folder})"
                    : $"  to train: {run.Title}{(run.Seconds is double seconds ? $" (about {Duration(seconds)})" : "")}";
            }
        }
    }

    /// <summary>By the last finished run of the method, network and images on the same device, whose epochs cost the same.</summary>
    private static double? Estimate(Laboratory laboratory, TrainingConfiguration run)
    {
        Dataset data = laboratory.Data(run);
        Recipe recipe = run.Recipe;
        FinishedRun? alike = laboratory.Runs.Finished.LastOrDefault(other =>
            (other.Identity.Dataset, other.Identity.Method, other.Results.Device) == (data.Name, run.Method, laboratory.Device.Description.Title)
            && Cost(other.Identity.Recipe) == Cost(recipe));
        return alike?.Results.SecondsPerEpoch / alike?.Results.TrainExamples * recipe.BatchSize * recipe.TotalSteps(data.Train.Count);
    }

    /// <summary>What in a recipe decides the time that an image takes.</summary>
    private static (int Width, int Depth, double JarnFrom, int Iterations) Cost(Recipe recipe) =>
        (recipe.Width, recipe.Depth, recipe.JarnFrom, recipe.TrainingAttackIterations);

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => $"{Titles.Number(Math.Max(1, seconds), "0")} s",
        < 5400 => $"{Titles.Number(seconds / 60, "0")} min",
        _ => $"{Titles.Number(seconds / 3600, "0.0")} h",
    };
}
