using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Tables 1 to 3: accuracy under the paper's attacks, and under two of them on the margin loss.</summary>
public sealed class AccuracyTable(string name, Experiment experiment, params IReadOnlyList<string> methods) : EntryTable(name, experiment)
{
    public override string Title => $"Table {Name[^1]}: accuracy under attack, ε = {Titles.Epsilon(Recipe.Epsilon)}";

    public override IReadOnlyList<Model> Models { get; } = [.. experiment.MethodsOf(name, methods).Select(method => experiment.Model(method))];

    private Recipe Recipe => Models[0].Recipe;

    protected override IReadOnlyList<Entry> Row(ExperimentRunner runner, Model model, bool withPaper)
    {
        IReadOnlyDictionary<string, double>? paper = withPaper ? PaperFigures.For(Experiment.Dataset, model.Method) : null;
        return Measure(
            runner, model, [AttackRequest.Clean, .. Experiment.Attacks(Recipe).Select(attack => new AttackRequest(attack, Recipe.Epsilon))],
            attack => paper?.TryGetValue(attack.Name, out double figure) == true ? figure : null);
    }
}
