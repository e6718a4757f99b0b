using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Figure 5: how far JARN's accuracy hangs on λ_adv, on the batch size and on the discriminator's interval.</summary>
public sealed class SensitivityFigure : PaperResult
{
    private static readonly string _method = JarnTraining.Definition.Name;

    private static readonly string[] _attacks = ["pgd5", "pgd10", "pgd20"];

    /// <summary>The first colour of lines that are not methods: past the palette's grey and its lighter colours.</summary>
    private const int FirstColour = 3;

    private readonly (string Title, (double Value, Model Model)[] Variants)[] _settings;

    public SensitivityFigure(string name, Experiment experiment)
        : base(name, experiment)
    {
        experiment.MethodsOf(name, _method);
        Model usual = experiment.Model(_method);
        if (Jarn(usual.Recipe).LambdaAdversarial == 0)
        {
            throw new UserErrorException($"--lambda-adv is 0, and {name} multiplies it: give a number above 0");
        }
        _settings =
        [
            Setting("λ_adv", [0.25, 0.5, 1, 2, 4], recipe => Jarn(recipe).LambdaAdversarial,
                (recipe, value) => recipe with { Method = Jarn(recipe) with { LambdaAdversarial = value } }),
            Setting("batch size", [0.5, 1, 2], recipe => recipe.BatchSize, (recipe, value) => recipe with { BatchSize = Whole(value) }),
            Setting("discriminator interval", [0.5, 1, 2, 4], recipe => Jarn(recipe).DiscriminatorInterval,
                (recipe, value) => recipe with { Method = Jarn(recipe) with { DiscriminatorInterval = Whole(value) } }),
        ];
        Models = [.. _settings.SelectMany(setting => setting.Variants.Select(variant => variant.Model)).Distinct()];

        (string, (double, Model)[]) Setting(string title, double[] factors, Func<Recipe, double> read, Func<Recipe, double, Recipe> change)
        {
            double recipeValue = read(usual.Recipe);
            return (title, [.. factors.Select(factor => read(change(usual.Recipe, factor * recipeValue))).Distinct().Select(value =>
                (value, value == recipeValue ? usual
                    : experiment.Model(_method, $"{title} {Titles.Number(value, "0.####")}", recipe => change(recipe, value))))]);
        }
    }

    public override string Title => "Figure 5: sensitivity of JARN to its settings";

    public override IReadOnlyList<Model> Models { get; }

    public override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        double epsilon = Models[0].Recipe.Epsilon;
        AttackRequest[] attacks = [AttackRequest.Clean, .. _attacks.Select(attack => new AttackRequest(attack, epsilon))];
        Dictionary<Model, IReadOnlyList<Entry>> rows = Models.ToDictionary(model => model, model => Measure(runner, model, attacks));
        LinePanels chart = new([.. _settings.Select(setting => Panel(setting.Title, setting.Variants, attacks, rows))], "accuracy, %", 100);
        return new ReproducedResult(
            Csv(runner, rows.Values.SelectMany(row => row)),
            Page(provenance)
                .Table(
                    ["setting", "value", .. attacks.Select(attack => Titles.Attack(attack.Name))],
                    _settings.SelectMany(setting => setting.Variants.Select(variant => (IReadOnlyList<string>)
                        [
                            setting.Title, Titles.Number(variant.Value, "0.####") + provenance.MarkOf(variant.Model),
                            .. rows[variant.Model].Select(entry => entry.Summary.Text("0.00")),
                        ])))
                .List(
                [
                    $"ε = {Titles.Epsilon(epsilon)}. One setting is changed at a time. All others stay as they are, "
                    + "the number of steps or epochs included.",
                    .. provenance.Remarks([.. rows.Values.SelectMany(row => row)]),
                ]),
            path => chart.Write(path, Title, provenance.ChartSubtitle),
            Html.Figure(provenance.ErrorBars, PageCharts.Of(chart)));
    }

    private static JarnSettings Jarn(Recipe recipe) => (JarnSettings)recipe.Method;

    private static int Whole(double value) => Math.Max(1, (int)Math.Round(value, MidpointRounding.AwayFromZero));

    /// <summary>Evenly spaced by doublings.</summary>
    private static LinePanel Panel(
        string title, (double Value, Model Model)[] variants, AttackRequest[] attacks, Dictionary<Model, IReadOnlyList<Entry>> rows) => new(
            "", title, variants.ToDictionary(variant => Math.Log2(variant.Value), variant => Titles.Number(variant.Value, "0.####")),
            [.. attacks.Select((attack, i) => new Line(
                Titles.Attack(attack.Name), FirstColour + i,
                [.. variants.Select(variant => rows[variant.Model][i].Point(Math.Log2(variant.Value)))]))]);
}
