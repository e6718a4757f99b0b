using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Figure 2: accuracy over the size of the perturbation, from none to twice the recipe's.</summary>
public sealed class EpsilonSweep(string name, Experiment experiment) : PaperResult(name, experiment)
{
    private static readonly string[] _attacks = ["pgd5", "pgd10", "pgd20"];

    /// <summary>ε of the PGD-AT7 that trains on larger perturbations, relative to the recipe's: 12/255 instead of 8/255.</summary>
    private const double LargerEpsilon = 1.5;

    public override string Title => "Figure 2: accuracy over the size of the perturbation";

    public override IReadOnlyList<Model> Models { get; } =
    [
        .. experiment.MethodsOf(name, "jarn-at1", "pgd-at7").SelectMany(method => Trained(experiment, method)),
    ];

    public override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        double[] sizes = Sizes(Models[0].Recipe.Epsilon);
        IEnumerable<AttackRequest> requests =
            _attacks.SelectMany(attack => sizes.Where(size => size > 0).Select(size => new AttackRequest(attack, size)));
        Entry[] entries = [.. Models.SelectMany(model => Measure(runner, model, [AttackRequest.Clean, .. requests]))];
        LinePanels chart = new([.. _attacks.Select(attack => Panel(Titles.Attack(attack), sizes, [.. Models.Select(model => new Line(
            provenance.Title(model), Series(model), [.. sizes.Select(size => At(entries, model, attack, size).Point(size))]))]))],
            "accuracy, %", 100);
        return new ReproducedResult(
            Csv(runner, entries),
            Page(provenance)
                .Table(
                    ["ε", .. _attacks.SelectMany(attack => Models.Select(model => $"{Titles.Attack(attack)}: {provenance.Title(model)}"))],
                    sizes.Select(size => (IReadOnlyList<string>)
                    [
                        Titles.Epsilon(size),
                        .. _attacks.SelectMany(attack => Models.Select(model => At(entries, model, attack, size).Summary.Text("0.00"))),
                    ]))
                .List(provenance.Remarks(entries)),
            path => chart.Write(path, Title, provenance.ChartSubtitle),
            Html.Figure(provenance.ErrorBars, PageCharts.Of(chart)));
    }

    /// <summary>The perturbation sizes from 0 to twice the recipe's ε: 0 to 16/255 in steps of 2/255 if that is 8/255.</summary>
    public static double[] Sizes(double epsilon) => [.. Enumerable.Range(0, 9).Select(step => step / 4.0 * epsilon)];

    /// <summary>Lines over perturbations of these sizes; 8/255 is written as 8 over an axis of 255ths.</summary>
    public static LinePanel Panel(string title, IReadOnlyList<double> sizes, IReadOnlyList<Line> lines)
    {
        bool bytes = sizes.All(size => size == 0 || Titles.Epsilon(size).EndsWith("/255", StringComparison.Ordinal));
        double unit = bytes ? 255 : 1;
        return new LinePanel(
            title, bytes ? "ε in 1/255" : "ε",
            sizes.ToDictionary(size => size * unit, size => bytes ? Titles.Number(size * unit, "0") : Titles.Epsilon(size)),
            [.. lines.Select(line => line with { Points = [.. line.Points.Select(point => point with { X = point.X * unit })] })]);
    }

    private static IEnumerable<Model> Trained(Experiment experiment, string method)
    {
        Model model = experiment.Model(method);
        yield return model;
        if (method == "pgd-at7")
        {
            double larger = LargerEpsilon * model.Recipe.Epsilon;
            yield return experiment.Model(
                method, $"ε = {Titles.Epsilon(larger)}", recipe => recipe with { ThreatModel = recipe.ThreatModel with { Epsilon = larger } });
        }
    }

    /// <summary>Without a perturbation, every attack finds the images as they are.</summary>
    private static Entry At(IEnumerable<Entry> entries, Model model, string attack, double size)
    {
        AttackRequest wanted = size > 0 ? new AttackRequest(attack, size) : AttackRequest.Clean;
        return entries.Single(entry => entry.Model == model && entry.Attack == wanted);
    }

    /// <summary>The method's own, and that of Uniform Noise, which is not here, for the second PGD-AT7.</summary>
    private static int Series(Model model) => model.Title == Titles.Method(model.Method) ? model.Row.Series : 1;
}
