using Jarn.Models;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>
/// A table of accuracies: a row for each model, a column for each attack, and the paper's figures where they are of the same images.
/// </summary>
public abstract class EntryTable(string name, Experiment experiment) : PaperResult(name, experiment)
{
    private const string LowestRemark =
        "Accuracy in per cent. Lowest: the lowest accuracy under any attack, AutoAttack included if 'jarn audit' has been run.";

    public sealed override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        IReadOnlyList<Entry>[] rows = [.. Models.Select(model => Row(runner, model, withPaper: !provenance.IsStandIn))];
        Entry[] audits = [.. Models.Select(model => Audited(runner, model)).OfType<Entry>()];
        string[] columns = [.. rows[0].Select(Column)];
        BarTable chart = new([.. Models.Select(provenance.Row)], columns, (row, column) => Bar(rows[row][column]), "accuracy, %", 100, "0.0");
        return new ReproducedResult(
            Csv(runner, rows.SelectMany(row => row).Concat(audits)),
            Page(provenance)
                .Table(
                    ["", columns[0], "lowest", .. columns[1..]],
                    rows.SelectMany(row => Lines(row, provenance, Array.Find(audits, audit => audit.Model == row[0].Model))))
                .List([LowestRemark, .. Remarks, .. provenance.Remarks([.. rows.SelectMany(row => row)])]),
            path => chart.Write(path, Title, provenance.ChartSubtitle),
            Html.Figure(provenance.ErrorBars, PageCharts.Of(chart)));
    }

    /// <summary>The row of a model. All models have the same columns: clean, then the attacks.</summary>
    protected abstract IReadOnlyList<Entry> Row(ExperimentRunner runner, Model model, bool withPaper);

    protected virtual string Column(Entry entry) => Titles.Attack(entry.Attack.Name);

    /// <summary>Sentences about what the columns don't say.</summary>
    protected virtual IEnumerable<string> Remarks => [];

    private static BarCell Bar(Entry entry) => new(entry.Summary.Mean, entry.Summary.Low, entry.Summary.High, entry.Paper);

    /// <summary>AutoAttack's accuracy; null where a run of the model has no audit.</summary>
    private static Entry? Audited(ExperimentRunner runner, Model model)
    {
        Measurement?[] audits = [.. model.Runs.Select(runner.Audited)];
        return audits.Contains(null) ? null : new Entry(
            model, new AttackRequest(Rung.AutoAttack, model.Recipe.Epsilon), Entry.WhiteBox, [.. audits.OfType<Measurement>()], Paper: null);
    }

    /// <summary>Ours, the share without a gradient, and the paper's where it has the row.</summary>
    private IEnumerable<IReadOnlyList<string>> Lines(IReadOnlyList<Entry> row, ReportProvenance provenance, Entry? audit)
    {
        Entry? lowest = row.Skip(1).Concat(audit is null ? [] : [audit]).MinBy(entry => entry.Summary.Mean);
        string Lowest(Entry? entry) =>
            entry is null ? "" : $"{entry.Summary.Text("0.00")} ({(entry == audit ? AuditTitles.Rung(Rung.AutoAttack) : Column(entry))})";
        yield return
        [
            $"**{provenance.Title(row[0].Model)}**", row[0].Summary.Text("0.00"), Lowest(lowest),
            .. row.Skip(1).Select(entry => entry.Summary.Text("0.00")),
        ];
        yield return ["zero gradient", "", "", .. row.Skip(1).Select(entry => Titles.Accuracy(entry.ZeroGradient))];
        if (row.Any(entry => entry.Paper is not null))
        {
            string Paper(double? figure) => figure is double paper ? Titles.Number(paper, "0.0#") : "";
            yield return
            [
                "paper", Paper(row[0].Paper), Paper(row.Skip(1).Min(entry => entry.Paper)), .. row.Skip(1).Select(entry => Paper(entry.Paper)),
            ];
        }
    }
}
