using System.Xml.Linq;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports.Charts;
using Jarn.Runner.Reproduction;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Reports.Page;

/// <summary>The parts of a run's page.</summary>
internal sealed class RunSections(RunConfiguration configuration, RunResults results)
{
    /// <summary>Of lines that are no methods: the palette's darker ones.</summary>
    private const int FirstColour = 5;

    private readonly Recipe _recipe = configuration.Options.Recipe;
    private readonly int _series = TrainingMethod.Names.Index().First(method => method.Item == results.Method).Index;

    /// <summary>For people; a stand-in's own name, never the data set's.</summary>
    public string Images => configuration.StandInReason is null ? DatasetSource.Named(configuration.Options.Dataset).Title : results.Dataset;

    private string Epsilon => Titles.Epsilon(results.Epsilon);

    public IEnumerable<object?> Head()
    {
        yield return Html.Paragraph(
            $"Preset {Titles.Preset(results.Preset)}, seed {results.Seed}; {Titles.Count(results.TrainExamples)} training images, {Remarks.Length(_recipe)}; "
            + $"measured on {Remarks.Images(results.TestExamples, _recipe.LimitTest)}, ε = {Epsilon}.");
        if (results.CatastrophicOverfitting is CatastrophicOverfitting overfitting)
        {
            yield return Html.Of("p", Html.Class("notice"), Html.Of("strong", $"{overfitting.InWords}."));
        }
        if (configuration.StandInReason is string reason)
        {
            yield return Html.Of("p", Html.Class("notice"), Html.Of("strong", Remarks.NotReal(configuration.Options.Dataset, "")), $" {reason}.");
        }
        if (results.Subset is string subset)
        {
            yield return Html.Of("p", Html.Class("notice"), $"Only {subset} of {configuration.Options.Dataset} were there.");
        }
        yield return Html.Of("dl", Html.Class("key-figures"), KeyFigures().Select(figure => Html.Of(
            "div", Html.Of("dt", figure.Name), Html.Of("dd", figure.Value), Html.Of("dd", figure.Detail))));
    }

    public XElement Accuracy()
    {
        string[] attacks = [.. results.Accuracy.Keys];
        BarTable chart = new(
            [.. attacks.Select(attack => new BarRow(Titles.Attack(attack), _series))], ["Accuracy"], (row, _) => Bar(attacks[row]), "accuracy, %", 100, "0.0");
        bool hasPaper = results.Paper is not null;
        return Html.Section(
            "Accuracy under attack",
            Html.Figure(
                $"Images still classified rightly, in per cent, ε = {Epsilon}. Whiskers: 95 % interval over the test images; another training run can differ by more.",
                PageCharts.Of(chart, "this run")),
            Html.Table(
                "The same in figures",
                ["", "accuracy, %", "95 % interval", .. hasPaper ? ["paper, %", "difference"] : Array.Empty<string>(), "zero gradient, %"],
                attacks.Select(attack => (IReadOnlyList<string>)
                [
                    Titles.Attack(attack), Number(results.Accuracy[attack], "0.00"),
                    results.AccuracyInterval.TryGetValue(attack, out Interval interval) ? $"{Number(interval.Low, "0.00")} to {Number(interval.High, "0.00")}" : "",
                    .. hasPaper ? Beside(attack) : [],
                    results.ZeroGradient.TryGetValue(attack, out double share) ? Number(share, "0.00") : "",
                ])),
            Html.Remarks(Remarks.OfRun(results, configuration.Options, configuration.StandInReason)));
    }

    public XElement SizeSweep(Sweep? sweep)
    {
        const string title = "Accuracy over ε";
        if (sweep is null)
        {
            return LeftOut(title, "sweep");
        }
        LinePoint Point(AttackResult result, int size) => new(sweep.Sizes[size], result.Accuracy, result.Interval.Low, result.Interval.High);
        LinePanel panel = EpsilonSweep.Panel("", sweep.Sizes, [.. sweep.Attacks.Select((attack, i) =>
            new Line(Titles.Attack(attack.Attack), FirstColour + i, [.. attack.Results.Select(Point)]))]);
        return Html.Section(
            title,
            Html.Figure(
                $"The first {sweep.Images} test images under perturbations of growing size; the run's own is ε = {Epsilon}. Whiskers: 95 % interval. A robust classifier falls slowly "
                    + "and on both losses alike; one that falls only on the margin loss has masked gradients.",
                PageCharts.Panels([PageCharts.Of(panel, "accuracy, %", 100)])),
            Html.Folded("The same in figures", Html.Table(
                $"Accuracy in per cent on {sweep.Images} images, by ε", ["ε", .. sweep.Attacks.Select(attack => Titles.Attack(attack.Attack))],
                sweep.Sizes.Select((size, i) => (IReadOnlyList<string>)
                    [Titles.Epsilon(size), .. sweep.Attacks.Select(attack => Number(attack.Results[i].Accuracy, "0.0"))]))));
    }

    public XElement Specimens(IReadOnlyList<Specimen> specimens) => Html.Section(
        "Images, Jacobians and adversarial examples",
        Html.Paragraph(
            "The first test image of each class; the gradient of its loss in its pixels (grey is 0, black and white three standard deviations or more); what "
            + $"{Titles.Attack(RunFindings.SpecimenAttack)} adds (black −ε, grey 0, white +ε, ε = {Epsilon}); and the sum."),
        Html.Of("ul", Html.Class("cards"), specimens.Select(specimen => Html.Of(
            "li",
            Html.Of(
                "dl",
                Picture("image", specimen.Image, $"Test image {specimen.Index}: {specimen.Class}"),
                Picture("Jacobian", specimen.Jacobian, $"Gradient of the loss in test image {specimen.Index}"),
                Picture("perturbation", specimen.Perturbation, $"What the attack adds to test image {specimen.Index}"),
                Picture("adversarial", specimen.Adversarial, $"Test image {specimen.Index} under attack, taken for {specimen.After.Class}")),
            Html.Paragraph(Html.Of("strong", specimen.Class), $" {Says("read as", specimen.Before)}, under attack {Says("as", specimen.After)}"),
            Html.Paragraph(specimen.Alignment is double alignment
                ? $"alignment of image and Jacobian {Number(alignment, "0.000")}" : "the gradient is exactly zero: the attack had nothing to follow")))),
        Html.Remarks([
            "Alignment: |⟨x, J⟩|/(‖x‖‖J‖) of the image and its Jacobian, both less their means; 1 for a Jacobian that is the image.",
            "In per cent: the softmax probability of the class that the classifier names.",
        ]));

    public XElement LossSurface(MeanSurface? surface)
    {
        const string title = "Loss surface";
        if (surface is null)
        {
            return LeftOut(title, "surface");
        }
        double[,] values = surface.Values;
        int middle = values.GetLength(0) / 2, one = middle + (int)(middle / RunFindings.SurfaceReach);
        return Html.Section(
            title,
            Html.Figure(
                $"Mean cross-entropy about {(surface.Images == 1 ? "one test image" : $"{surface.Images} test images, the first of each class")}: along the sign of "
                    + $"each image's gradient and along a random direction orthogonal to it, in units of ε = {Epsilon}. Pixels may leave [0, 1]. Drag to turn.",
                PageCharts.Of(new SurfacePanels([new Surface(Titles.Method(results.Method), values)], RunFindings.SurfaceReach, "adversarial, ε", "random, ε"))),
            Html.Table(
                "Mean cross-entropy", ["", "of the images", "ε along the adversarial direction", "ε along the random one", "highest"],
                [[Titles.Method(results.Method), Loss(values[middle, middle]), Loss(values[one, middle]), Loss(values[middle, one]), Loss(values.Cast<double>().Max())]]));
    }

    public XElement? LearningCurves(MetricsTable metrics)
    {
        Line Curve(string title, int series, string column) =>
            new(title, series, [.. metrics.Pairs("step", column).Select(pair => new LinePoint(pair.X, pair.Y, pair.Y, pair.Y))]);
        XElement? Panel(string title, string unit, double? maximum, params Line[] curves) => curves.Where(curve => curve.Points.Count > 0).ToArray() is { Length: > 0 } drawn
            ? PageCharts.Of(new LinePanel(title, "step", new Dictionary<double, string>(), drawn), unit, maximum) : null;
        XElement[] panels = [.. new[]
        {
            Panel("Losses", "loss", null, Curve("classification", 5, "classification_loss"), Curve("adversarial", 2, "adversarial_loss")),
            Panel("Accuracy on test images", "accuracy, %", 100, Curve("clean", 4, "clean_accuracy"), Curve("FGSM", 6, "fgsm_accuracy")),
            Panel("Speed", "images a second", null, Curve("images a second", 0, "images_per_second")),
        }.OfType<XElement>()];
        return panels.Length == 0 ? null : Html.Section("Learning curves", Html.Figure(
            "From metrics.csv: losses of single batches and the speed of training every 20 steps, accuracy on the first 1000 test images at most after an epoch.",
            PageCharts.Panels(panels)));
    }

    public XElement TimeAndCost() => Html.Section("Time and cost", Html.Properties("What the run took, and where",
    [
        (null,
        [
            ("training, one epoch", $"{Number(results.SecondsPerEpoch, "0.00")} s"),
            ("the whole run, evaluation included", $"{Number(results.SecondsTotal, "0.0")} s"),
            ("to the end of the first step", $"{Number(results.FirstStepSeconds, "0.0")} s"),
            ("gradient evaluations per image and step", Number(results.GradientEvaluationsPerImage, "0.00")),
            ("parameters", results.Parameters.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture).Replace(',', ' ')),
            ("device", results.Device),
            ("Jarn", HtmlPage.Short(configuration.Versions.Jarn)),
            ("runtime", $"{configuration.Versions.Dotnet}, ILGPU {HtmlPage.Short(configuration.Versions.Ilgpu)}"),
            ("system", configuration.Versions.System),
        ]),
    ]));

    private static XElement LeftOut(string title, string what) => Html.Section(title, Html.Paragraph(
        $"The {what} was left out: on this device it would have taken long. To measure it all the same: ", Html.Of("code", "jarn report --checkpoint FOLDER --images 200"), "."));

    private static XElement Picture(string name, GridImage image, string description) => Html.Of("div", Html.Of("dt", name), Html.Of("dd", Html.Picture(image, description)));

    private static string Says(string taken, Verdict verdict) => $"{taken} {verdict.Class} ({Number(100 * verdict.Confidence, "0.0")}\u00A0%)";

    private IEnumerable<(string Name, string Value, string Detail)> KeyFigures()
    {
        if (results.Accuracy.TryGetValue(AttackFigures.Clean, out double clean))
        {
            yield return ("Clean accuracy", $"{Number(clean, "0.0")} %", Reported(AttackFigures.Clean));
        }
        if (results.Strongest is (string attack, double accuracy))
        {
            yield return ("Lowest under attack", $"{Number(accuracy, "0.0")} %", $"{Titles.Attack(attack)}: {Reported(attack)}");
        }
        if (results.ZeroGradient.Count > 0)
        {
            (string most, double share) = results.ZeroGradient.MaxBy(figure => figure.Value);
            yield return (
                "Zero gradients", $"{Number(share, "0.0")} %",
                share > 0 ? $"of the images as {Titles.Attack(most)} begins: it can't move them" : "every attack had a gradient to follow");
        }
        yield return ("The whole run", RecipeCost.Words(TimeSpan.FromSeconds(results.SecondsTotal)), $"{Number(results.SecondsPerEpoch, "0.0")} s an epoch");
    }

    private string Reported(string attack)
    {
        string interval = results.AccuracyInterval.TryGetValue(attack, out Interval found) ? $"{Number(found.Low, "0.0")} to {Number(found.High, "0.0")}" : "";
        return results.Paper?.TryGetValue(attack, out double paper) == true ? $"{interval}; paper {Number(paper, "0.0#")}" : interval;
    }

    private BarCell Bar(string attack)
    {
        double accuracy = results.Accuracy[attack];
        Interval interval = results.AccuracyInterval.TryGetValue(attack, out Interval found) ? found : new Interval(accuracy, accuracy);
        return new BarCell(accuracy, interval.Low, interval.High, results.Paper?.TryGetValue(attack, out double paper) == true ? paper : null);
    }

    private string[] Beside(string attack) => results.Paper!.TryGetValue(attack, out double paper)
        ? [Number(paper, "0.0#"), Number(results.Accuracy[attack] - paper, "+0.00;−0.00;0.00")] : ["", ""];

    private static string Loss(double value) => Number(value, "0.000");

    private static string Number(double value, string format) => Titles.Number(value, format);
}
