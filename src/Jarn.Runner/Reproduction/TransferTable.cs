using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;

namespace Jarn.Runner.Reproduction;

/// <summary>Table 5: accuracy under attacks that follow another model's gradients, beside those that follow the model's own.</summary>
public sealed class TransferTable(string name, Experiment experiment) : EntryTable(name, experiment)
{
    private readonly Model _substitute = experiment.Model("pgd-at7");

    public override string Title => $"Table 5: accuracy under transfer attacks, ε = {Titles.Epsilon(_substitute.Runs[0].Recipe.Epsilon)}";

    public override IReadOnlyList<Model> Models { get; } = [.. experiment.Methods(name, "jarn", "jarn-at1").Select(method => experiment.Model(method))];

    public override IReadOnlyList<Model> Helpers => [_substitute, .. Models.Select(Twin)];

    protected override IEnumerable<string> Remarks =>
        ["Before the comma: whose gradients the attack follows. PGD-AT7 has the seed of the model attacked; the same method's twin has the next one."];

    protected override IReadOnlyList<Entry> Row(Laboratory laboratory, Model model, bool withPaper)
    {
        double epsilon = model.Runs[0].Recipe.Epsilon;
        AttackRequest[] attacks = [new("fgsm", epsilon), new("pgd20", epsilon)];
        bool comparable = withPaper && Experiment.Dataset == "cifar10";
        IReadOnlyList<Entry> Follow(TransferSource source, string title, Model? other) => Measure(
            laboratory, model, attacks, attack => comparable ? PaperFigures.Transfer[(model.Method, source)][attack.Name] : null, title, other);
        double? clean = comparable ? PaperFigures.For(Experiment.Dataset, model.Method)?[AttackFigures.Clean] : null;
        return
        [
            .. Follow(TransferSource.PgdAt7, _substitute.Title, _substitute),
            .. Follow(TransferSource.SameMethod, "same method", Twin(model)),
            .. Follow(TransferSource.WhiteBox, Entry.WhiteBox, null),
            .. Measure(laboratory, model, [AttackRequest.Clean], _ => clean),
        ];
    }

    protected override string Column(Entry entry) =>
        entry.Attack == AttackRequest.Clean ? base.Column(entry) : $"{entry.Source}, {base.Column(entry)}";

    /// <summary>The same, independently initialised.</summary>
    private static Model Twin(Model model) => model with { Runs = [.. model.Runs.Select(run => run with { Seed = run.Seed + 1 })] };
}
