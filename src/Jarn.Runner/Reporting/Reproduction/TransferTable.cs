using Jarn.Models;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>
/// Table 5: accuracy under attacks that follow another model's gradients, beside those that follow the model's own, on the margin loss too.
/// </summary>
public sealed class TransferTable(string name, Experiment experiment) : EntryTable(name, experiment)
{
    private readonly Model _substitute = experiment.Model("pgd-at7");

    public override string Title => $"Table 5: accuracy under transfer attacks, ε = {Titles.Epsilon(_substitute.Recipe.Epsilon)}";

    public override IReadOnlyList<Model> Models { get; } =
    [
        .. experiment.MethodsOf(name, "jarn", "jarn-at1").Select(method => experiment.Model(method)),
    ];

    public override IReadOnlyList<Model> Helpers => [_substitute, .. Models.Select(Twin)];

    protected override IEnumerable<string> Remarks =>
    [
        "The first part of a column's name is the model whose gradients the attack uses: PGD-AT7 with the same seed, "
        + "the same method with the next seed, or the attacked model itself.",
    ];

    protected override IReadOnlyList<Entry> Row(ExperimentRunner runner, Model model, bool withPaper)
    {
        double epsilon = model.Recipe.Epsilon;
        AttackRequest[] attacks = [new("fgsm", epsilon), new("pgd20", epsilon)];
        bool comparable = withPaper && Experiment.Dataset == "cifar10";
        AttackRequest[] withMargin = [.. attacks, .. attacks.Select(attack => attack with { Name = attack.Name + AttackLoss.Margin.Suffix })];
        IReadOnlyList<Entry> Follow(TransferSource source, string title, Model? other) => Measure(
            runner, model, source == TransferSource.WhiteBox ? withMargin : attacks,
            attack => comparable && PaperFigures.Transfer[(model.Method, source)].TryGetValue(attack.Name, out double figure) ? figure : null,
            title, other);
        double? clean = comparable ? PaperFigures.For(Experiment.Dataset, model.Method)?[AttackFigures.Clean] : null;
        return
        [
            .. Measure(runner, model, [AttackRequest.Clean], _ => clean),
            .. Follow(TransferSource.PgdAt7, _substitute.Title, _substitute),
            .. Follow(TransferSource.SameMethod, "same method", Twin(model)),
            .. Follow(TransferSource.WhiteBox, Entry.WhiteBox, null),
        ];
    }

    protected override string Column(Entry entry) =>
        entry.Attack == AttackRequest.Clean ? base.Column(entry) : $"{entry.Source}, {base.Column(entry)}";

    /// <summary>The same model, initialised independently.</summary>
    private static Model Twin(Model model) => model with { Runs = [.. model.Runs.Select(run => run with { Seed = run.Seed + 1 })] };
}
