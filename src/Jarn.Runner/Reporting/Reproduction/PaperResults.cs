using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>The paper's tables and figures by the names that <c>jarn reproduce</c> takes.</summary>
public static class PaperResults
{
    /// <summary>The name that stands for every table and figure.</summary>
    public const string All = "all";

    private const string UsualDataset = "cifar10";

    private static readonly (string Name, string? Dataset, Func<string, Experiment, PaperResult> Make)[] _results =
    [
        ("table1", "mnist", (name, experiment) => new AccuracyTable(name, experiment, "standard", "uniform-noise", "jarn")),
        ("table2", "svhn", (name, experiment) => new AccuracyTable(name, experiment, "standard", "uniform-noise", "jarn")),
        ("table3", "cifar10", (name, experiment) => new AccuracyTable(name, experiment, MethodDefinition.OfPaper)),
        ("table4", null, (name, experiment) => new CostTable(name, experiment)),
        ("table5", null, (name, experiment) => new TransferTable(name, experiment)),
        ("figure2", null, (name, experiment) => new EpsilonSweep(name, experiment)),
        ("figure3", null, (name, experiment) => new LossSurfaceFigure(name, experiment)),
        ("figure4", null, (name, experiment) => new JacobianFigure(name, experiment)),
        ("figure5", null, (name, experiment) => new SensitivityFigure(name, experiment)),
    ];

    /// <summary>The table or figure of this name, or all of them.</summary>
    /// <param name="name">The name given on the command line.</param>
    /// <param name="dataset">The data set given with <c>--dataset</c>; null for that of the paper's table or figure, or CIFAR-10.</param>
    /// <param name="choosesMethods">Whether <c>--methods</c> was given.</param>
    /// <param name="experiment">Makes the experiment on a data set of this name.</param>
    /// <exception cref="UserErrorException">There is no such table or figure, or an option doesn't go with it.</exception>
    public static IReadOnlyList<PaperResult> Named(string name, string? dataset, bool choosesMethods, Func<string, Experiment> experiment)
    {
        if (name == All)
        {
            return !choosesMethods ? [.. _results.Select(Make)]
                : throw new UserErrorException("--methods goes with one target, not with all: leave it out, or name a target");
        }
        (string Name, string? Dataset, Func<string, Experiment, PaperResult> Make) named = _results.FirstOrDefault(result => result.Name == name);
        if (named.Name is null)
        {
            throw new UserErrorException(
                $"there is nothing called {name} to reproduce: give {string.Join(", ", _results.Select(result => result.Name))} or {All}"
                + Suggestion.Question(name, _results.Select(result => result.Name)));
        }
        return named.Dataset is null || dataset is null || dataset == named.Dataset ? [Make(named)]
            : throw new UserErrorException($"--dataset is {dataset}, and {name} is of {named.Dataset}: leave it out");

        PaperResult Make((string Name, string? Dataset, Func<string, Experiment, PaperResult> Make) result) =>
            result.Make(result.Name, experiment(result.Dataset ?? dataset ?? UsualDataset));
    }
}
