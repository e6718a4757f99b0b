using Jarn.Runner.Reports.Charts;
using Jarn.Runner.Reports.Page;

namespace Jarn.Runner.Reproduction;

/// <summary>A table of accuracies: a row for each model, a column for each attack, and the paper's figures where they are of the same images.</summary>
public abstract class EntryTable(string name, Experiment experiment) : Target(name, experiment)
{
    public sealed override TargetReport Report(Laboratory laboratory)
    {
        Circumstances circumstances = new(laboratory, Models[0]);
        IReadOnlyList<Entry>[] rows = [.. Models.Select(model => Row(laboratory, model, withPaper: !circumstances.IsStandIn))];
        string[] columns = [.. rows[0].Select(Column)];
        BarTable chart = new([.. Models.Select(model => model.Row)], columns, (row, column) => Bar(rows[row][column]), "accuracy, %", 100, "0.0");
        return new TargetReport(
            Csv(laboratory, rows.SelectMany(row => row)),
            Page(circumstances).Table(["", .. columns], rows.SelectMany(Lines)).List([.. Remarks, .. circumstances.Remarks([.. rows.SelectMany(row => row)])]),
            path => chart.Write(path, Title, circumstances.ChartSubtitle),
            Html.Figure(circumstances.Whiskers, PageCharts.Of(chart)));
    }

    /// <summary>The same columns for every model.</summary>
    protected abstract IReadOnlyList<Entry> Row(Laboratory laboratory, Model model, bool withPaper);

    protected virtual string Column(Entry entry) => Titles.Attack(entry.Attack.Name);

    /// <summary>What the columns do not say themselves.</summary>
    protected virtual IEnumerable<string> Remarks => [];

    private static BarCell Bar(Entry entry) => new(entry.Summary.Mean, entry.Summary.Low, entry.Summary.High, entry.Paper);

    /// <summary>Ours, the share without a gradient, and the paper's where it has the row.</summary>
    private static IEnumerable<IReadOnlyList<string>> Lines(IReadOnlyList<Entry> row)
    {
        yield return [$"**{row[0].Model.Title}**", .. row.Select(entry => entry.Summary.Text("0.00"))];
        yield return ["zero gradient", .. row.Select(entry => entry.Attack == AttackRequest.Clean ? "" : Titles.Number(entry.ZeroGradient, "0.00"))];
        if (row.Any(entry => entry.Paper is not null))
        {
            yield return ["paper", .. row.Select(entry => entry.Paper is double paper ? Titles.Number(paper, "0.0#") : "")];
        }
    }
}
