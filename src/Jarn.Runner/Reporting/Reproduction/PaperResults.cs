using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>The paper's tables and figures by the names that <c>jarn reproduce</c> takes.</summary>
public static class PaperResults
{
    /// <summary>All of them.</summary>
    public const string All = "all";

    private const string UsualDataset = "cifar10";

    private static readonly (string Name, string? Dataset, Func<string, Experiment, PaperResult> Make)[] _targets =
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

    /// <summary>The target of a name, or all.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="dataset">As typed; null for the target's own, or the usual one.</param>
    /// <param name="choosesMethods">Whether only some methods are wanted.</param>
    /// <param name="experiment">A data set → what the runs on it share.</param>
    /// <exception cref="UserErrorException">There is no such target, or it does not go with an option.</exception>
    public static IReadOnlyList<PaperResult> Named(string name, string? dataset, bool choosesMethods, Func<string, Experiment> experiment)
    {
        if (name == All)
        {
            return !choosesMethods ? [.. _targets.Select(Make)]
                : throw new UserErrorException("--methods goes with one target, not with all: leave it out, or name a target");
        }
        (string Name, string? Dataset, Func<string, Experiment, PaperResult> Make) named = _targets.FirstOrDefault(target => target.Name == name);
        if (named.Name is null)
        {
            throw new UserErrorException(
                $"there is nothing called {name} to reproduce: give {string.Join(", ", _targets.Select(target => target.Name))} or {All}"
                + Suggestion.Question(name, _targets.Select(target => target.Name)));
        }
        return named.Dataset is null || dataset is null || dataset == named.Dataset ? [Make(named)]
            : throw new UserErrorException($"--dataset is {dataset}, and {name} is of {named.Dataset}: leave it out");

        PaperResult Make((string Name, string? Dataset, Func<string, Experiment, PaperResult> Make) target) =>
            target.Make(target.Name, experiment(target.Dataset ?? dataset ?? UsualDataset));
    }
}
