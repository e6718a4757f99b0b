using Jarn.Runner.Reports.Charts;

namespace Jarn.Runner.Reproduction;

/// <summary>Figure 2: accuracy over the size of the perturbation, from none to twice the recipe's.</summary>
public sealed class EpsilonSweep(string name, Experiment experiment) : Target(name, experiment)
{
    /// <summary>Over the recipe's ε: 0 to 16/255 in steps of 2/255 where that is 8/255.</summary>
    private static readonly double[] _factors = [.. Enumerable.Range(0, 9).Select(step => step / 4.0)];

    private static readonly string[] _attacks = ["pgd5", "pgd10", "pgd20"];

    /// <summary>Of the PGD-AT7 that is trained on larger perturbations: 12/255 beside 8/255.</summary>
    private const double LargerEpsilon = 1.5;

    public override string Title => "Figure 2: accuracy over the size of the perturbation";

    public override IReadOnlyList<Model> Models { get; } = [.. experiment.Methods(name, "jarn-at1", "pgd-at7").SelectMany(method => Trained(experiment, method))];

    public override TargetReport Report(Laboratory laboratory)
    {
        Circumstances circumstances = new(laboratory, Models[0]);
        double trained = Models[0].Runs[0].Recipe.Epsilon;
        double[] sizes = [.. _factors.Select(factor => factor * trained)];
        Entry[] entries = [.. Models.SelectMany(model => Measure(
            laboratory, model, [AttackRequest.Clean, .. _attacks.SelectMany(attack => sizes.Where(size => size > 0).Select(size => new AttackRequest(attack, size)))]))];
        LinePanels chart = new([.. _attacks.Select(attack => Panel(attack, sizes, entries))], "accuracy, %", 100);
        return new TargetReport(
            Csv(laboratory, entries),
            Page(circumstances)
                .Table(["ε", .. _attacks.SelectMany(attack => Models.Select(model => $"{Titles.Attack(attack)}: {model.Title}"))], sizes.Select(size => (IReadOnlyList<string>)
                    [Titles.Epsilon(size), .. _attacks.SelectMany(attack => Models.Select(model => At(entries, model, attack, size).Summary.Text("0.00")))]))
                .List(circumstances.Remarks(entries)),
            path => chart.Write(path, Title, circumstances.ChartSubtitle));
    }

    private static IEnumerable<Model> Trained(Experiment experiment, string method)
    {
        Model model = experiment.Model(method);
        yield return model;
        if (method == "pgd-at7")
        {
            double larger = LargerEpsilon * model.Runs[0].Recipe.Epsilon;
            yield return experiment.Model(method, $"ε = {Titles.Epsilon(larger)}", recipe => recipe with { Epsilon = larger });
        }
    }

    /// <summary>Without a perturbation, every attack finds the images as they are.</summary>
    private static Entry At(IEnumerable<Entry> entries, Model model, string attack, double size)
    {
        AttackRequest wanted = size > 0 ? new AttackRequest(attack, size) : AttackRequest.Clean;
        return entries.Single(entry => entry.Model == model && entry.Attack == wanted);
    }

    private LinePanel Panel(string attack, double[] sizes, Entry[] entries)
    {
        // 8/255 is written as 8 over an axis of 255ths.
        bool bytes = sizes.All(size => Titles.Epsilon(size).EndsWith("/255", StringComparison.Ordinal));
        double unit = bytes ? 255 : 1;
        return new LinePanel(
            Titles.Attack(attack), bytes ? "ε, 1/255" : "ε", sizes.ToDictionary(size => size * unit, size => Titles.Number(size * unit, "0.###")),
            [.. Models.Select(model => new Line(model.Title, Series(model), [.. sizes.Select(size => At(entries, model, attack, size).Point(size * unit))]))]);
    }

    /// <summary>The method's own, and that of Uniform Noise, which is not here, for the second PGD-AT7.</summary>
    private static int Series(Model model) => model.Title == Titles.Method(model.Method) ? model.Row.Series : 1;
}
