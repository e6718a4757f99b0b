using System.Xml.Linq;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>The sections of a run's page.</summary>
/// <param name="lowest">The lowest accuracy that is known under any attack with the recipe's ε; null if there was no attack.</param>
internal sealed class RunSections(RunConfiguration configuration, RunResults results, AttackedAccuracy? lowest)
{
    /// <summary>The first colour of lines that are not methods: the palette's darker ones.</summary>
    private const int FirstColour = 5;

    private readonly Recipe _recipe = configuration.Options.Recipe;
    private readonly int _series = MethodDefinition.List.Names.Index().First(method => method.Item == results.Method).Index;

    /// <summary>The title of the images. A stand-in has a title of its own, never the data set's.</summary>
    public string Images => configuration.StandInReason is null ? Datasets.Named(configuration.Options.Dataset).Title : results.Dataset;

    private string Epsilon => Titles.Epsilon(results.Epsilon);

    public IEnumerable<object?> Head()
    {
        yield return Html.Paragraph(
            $"Preset {Titles.Preset(results.Preset)}, seed {results.Seed}. Trained on {Counts.Text(results.TrainExamples)} images "
            + $"for {Remarks.Length(_recipe)}; measured on {Remarks.Images(results.TestExamples, _recipe.LimitTest)}. ε\u00A0=\u00A0{Epsilon}.");
        if (results.CatastrophicOverfitting is CatastrophicOverfitting overfitting)
        {
            yield return Html.Notice(Html.Of("strong", $"{overfitting.InWords}."));
        }
        if (configuration.StandInReason is string reason)
        {
            yield return Html.Notice(Html.Of("strong", Remarks.NotReal(configuration.Options.Dataset, "")), $" {reason}.");
        }
        if (results.Subset is string subset)
        {
            yield return Html.Notice(Remarks.Partial(subset, configuration.Options.Dataset));
        }
        yield return Html.Of("dl", Html.Class("key-figures"), KeyFigures().Select(figure => Html.Of(
            "div", Html.Of("dt", figure.Name), Html.Of("dd", figure.Value), Html.Of("dd", figure.Detail))));
    }

    public XElement Accuracy()
    {
        string[] attacks = [.. results.Accuracy.Keys];
        BarTable chart = new(
            [.. attacks.Select(attack => new BarRow(Titles.Attack(attack), _series))], ["Accuracy"], (row, _) => Bar(attacks[row]), "accuracy, %",
            100, "0.0");
        bool hasPaper = results.Paper is not null;
        return Html.Section(
            "Accuracy under attack",
            Html.Pair(
                Html.Figure(
                    $"Test images classified correctly, ε = {Epsilon}. Error bars: 95 % interval over the test images. "
                    + "Another training run can differ by more.",
                    PageCharts.Of(chart, "this run")),
                Html.Table(
                    "Accuracy and zero gradients in per cent",
                    ["", "accuracy", "95 % interval", "zero gradient", .. hasPaper ? ["paper", "difference"] : Array.Empty<string>()],
                    attacks.Select(attack => (IReadOnlyList<string>)
                    [
                        Titles.Attack(attack), Titles.Accuracy(results.Accuracy[attack]),
                        results.AccuracyInterval.TryGetValue(attack, out Interval interval) ? Titles.Interval(interval) : "",
                        results.ZeroGradient.TryGetValue(attack, out double share) ? Titles.Accuracy(share) : "",
                        .. hasPaper ? Beside(attack) : [],
                    ]))),
            Html.Remarks(Remarks.OfRun(results, configuration.Options, configuration.StandInReason)));
    }

    public XElement SizeSweep(Sweep? sweep)
    {
        const string title = "Accuracy over ε";
        if (sweep is null)
        {
            return LeftOut(title);
        }
        LinePoint Point(AttackResult result, int size) => new(sweep.Sizes[size], result.Accuracy, result.Interval.Low, result.Interval.High);
        LinePanel panel = EpsilonSweep.Panel("", sweep.Sizes, [.. sweep.Attacks.Select((attack, i) =>
            new Line(Titles.Attack(attack.Attack), FirstColour + i, [.. attack.Results.Select(Point)]))]);
        return Html.Section(
            title,
            Html.Pair(
                Html.Figure(
                    $"Measured on the first {sweep.Images} of {results.TestExamples} test images. This run's ε is {Epsilon}. "
                    + "Error bars: 95 % interval. The accuracy of a robust classifier falls slowly, and equally under both losses. "
                    + "If it falls under the margin loss alone, gradients are masked.",
                    PageCharts.Panels([PageCharts.Of(panel, "accuracy, %", 100)])),
                Html.Table(
                    $"Accuracy in per cent on {sweep.Images} images", ["ε", .. sweep.Attacks.Select(attack => Titles.Attack(attack.Attack))],
                    sweep.Sizes.Select((size, i) => (IReadOnlyList<string>)
                        [Titles.Epsilon(size), .. sweep.Attacks.Select(attack => Titles.Number(attack.Results[i].Accuracy, "0.0"))]))));
    }

    public XElement Specimens(IReadOnlyList<Specimen> specimens) => Html.Section(
        "Images, Jacobians and adversarial examples",
        Html.Paragraph(
            "From left to right: the first test image of each class; its Jacobian, the gradient of the loss with respect to the pixels "
            + "(grey: 0; black and white: three standard deviations or more); "
            + $"the perturbation of {Titles.Attack(RunFindings.SpecimenAttack)} (black: −ε, grey: 0, white: +ε = {Epsilon}); the adversarial image."),
        Html.Of("ul", Html.Class("cards"), specimens.Select(specimen => Html.Of(
            "li",
            Html.Of(
                "dl",
                Picture("image", specimen.Image, $"Test image {specimen.Index}: {specimen.Class}"),
                Picture("Jacobian", specimen.Jacobian, $"Jacobian at test image {specimen.Index}"),
                Picture("perturbation", specimen.Perturbation, $"Perturbation of test image {specimen.Index}"),
                Picture("adversarial", specimen.Adversarial, $"Test image {specimen.Index} under attack, predicted: {specimen.After.Class}")),
            Html.Paragraph(
                "True: ", Html.Of("strong", specimen.Class), $". Predicted: {specimen.Before.InWords}. Under attack: {specimen.After.InWords}."),
            Html.Paragraph(specimen.Alignment is double alignment
                ? $"Alignment of image and Jacobian: {Titles.Number(alignment, "0.000")}"
                : "The gradient is exactly zero: the attack had nothing to follow.")))),
        Html.Remarks([
            "Alignment: |⟨x, J⟩|/(‖x‖‖J‖) of the image x and its Jacobian J after subtracting their means. It is 1 if the Jacobian equals the image, "
            + "and near 0 if they are unrelated.",
            "In brackets: the softmax probability of the predicted class.",
        ]));

    public XElement LossSurface(MeanSurface? surface)
    {
        const string title = "Loss surface";
        if (surface is null)
        {
            return LeftOut(title);
        }
        double[,] values = surface.Values;
        int middle = values.GetLength(0) / 2, one = middle + (int)(middle / RunFindings.SurfaceReach);
        return Html.Section(
            title,
            Html.Pair(
                Html.Figure(
                    "Mean cross-entropy around "
                    + $"{(surface.Images == 1 ? "one test image" : $"{surface.Images} test images, the first of each class")}. "
                    + "Axes: the sign of each image's gradient (adversarial) and a random direction orthogonal to it (random), "
                    + $"in units of ε = {Epsilon}. Pixels may leave [0, 1]. Drag to turn.",
                    PageCharts.Of(
                        new SurfacePanels([new Surface(Titles.Method(results.Method), values)], RunFindings.SurfaceReach, "adversarial", "random"))),
                Html.Table(
                    "Mean cross-entropy", ["at", "loss"],
                    [
                        ["the images", Titles.Loss(values[middle, middle])],
                        ["ε along the adversarial direction", Titles.Loss(values[one, middle])],
                        ["ε along the random direction", Titles.Loss(values[middle, one])],
                        ["the highest point of the surface", Titles.Loss(values.Cast<double>().Max())],
                    ])));
    }

    public XElement? LearningCurves(IReadOnlyList<MetricsRow> metrics)
    {
        Line Curve(string title, int series, Func<MetricsRow, double?> of) =>
            new(title, series, [.. from row in metrics where of(row) is not null let y = of(row)!.Value select new LinePoint(row.Step, y, y, y)]);
        XElement? Panel(string title, string unit, double? maximum, params Line[] curves) =>
            curves.Where(curve => curve.Points.Count > 0).ToArray() is { Length: > 0 } drawn
                ? PageCharts.Of(new LinePanel(title, "step", new Dictionary<double, string>(), drawn), unit, maximum)
                : null;
        XElement[] panels = [.. new[]
        {
            Panel("Losses", "loss", null, Curve("classification", 5, row => row.ClassificationLoss),
                Curve("adversarial", 2, row => row.AdversarialLoss)),
            Panel("Accuracy on test images", "accuracy, %", 100, Curve("clean", 4, row => row.CleanAccuracy),
                Curve("FGSM", 6, row => row.FgsmAccuracy)),
            Panel("Speed", "images per second", null, Curve("images per second", 0, row => row.ImagesPerSecond)),
        }.OfType<XElement>()];
        return panels.Length == 0 ? null : Html.Section("Learning curves", Html.Figure(
            "From metrics.csv. Losses of single batches and training speed: every 20 steps. Accuracy: after each epoch, "
            + "on at most the first 1000 test images.",
            PageCharts.Panels(panels)));
    }

    public XElement TimeAndCost() => Html.Section("Time and cost", Html.Properties("Time, cost and platform of the run",
    [
        (null,
        [
            ("training time per epoch", $"{Titles.Number(results.SecondsPerEpoch, "0.00")} s"),
            ("total time, evaluation included", $"{Titles.Number(results.SecondsTotal, "0.0")} s"),
            ("time to the end of the first step", $"{Titles.Number(results.FirstStepSeconds, "0.0")} s"),
            ("gradient evaluations per image and step", Titles.Number(results.GradientEvaluationsPerImage, "0.00")),
            ("parameters", Counts.Text(results.Parameters)),
            ("device", results.Device),
            ("Jarn", HtmlPage.Short(configuration.Versions.Jarn)),
            ("runtime", $"{configuration.Versions.Dotnet}, ILGPU {HtmlPage.Short(configuration.Versions.Ilgpu)}"),
            ("system", configuration.Versions.System),
        ]),
    ]));

    private static XElement LeftOut(string title) => Html.Section(title, Html.Paragraph(
        "Not measured: it would have taken too long on this device. To measure it anyway, run ",
        Html.Of("code", "jarn report --checkpoint FOLDER --images 200"), "."));

    private static XElement Picture(string name, GridImage image, string description) =>
        Html.Of("div", Html.Of("dt", name), Html.Of("dd", Html.Picture(image, description)));

    private IEnumerable<(string Name, string Value, string Detail)> KeyFigures()
    {
        if (lowest is not null)
        {
            yield return (
                "Lowest accuracy under attack", $"{Titles.Number(lowest.Accuracy, "0.0")} %",
                $"{lowest.Attack} on {Counts.Text(lowest.Images)} images; 95 %: {lowest.Interval}");
        }
        if (results.Accuracy.TryGetValue(AttackFigures.Clean, out double clean))
        {
            yield return ("Clean accuracy", $"{Titles.Number(clean, "0.0")} %", Reported(AttackFigures.Clean));
        }
        if (results.ZeroGradient.Count > 0)
        {
            (string most, double share) = results.ZeroGradient.MaxBy(figure => figure.Value);
            yield return (
                "Zero gradients", $"{Titles.Number(share, "0.0")} %",
                share > 0 ? $"of the images at the start of {Titles.Attack(most)}: it cannot change them" : "all attacks had gradients to follow");
        }
        yield return (
            "Total time", RecipeCost.Words(TimeSpan.FromSeconds(results.SecondsTotal)),
            $"{Titles.Number(results.SecondsPerEpoch, "0.0")} s per epoch");
    }

    private string Reported(string attack)
    {
        string interval = results.AccuracyInterval.TryGetValue(attack, out Interval found) ? $"95 %: {found}" : "";
        return results.Paper?.TryGetValue(attack, out double paper) == true ? $"{interval}; paper: {Titles.Number(paper, "0.0#")}" : interval;
    }

    private BarCell Bar(string attack)
    {
        double accuracy = results.Accuracy[attack];
        Interval interval = results.AccuracyInterval.TryGetValue(attack, out Interval found) ? found : new Interval(accuracy, accuracy);
        return new BarCell(accuracy, interval.Low, interval.High, results.Paper?.TryGetValue(attack, out double paper) == true ? paper : null);
    }

    private string[] Beside(string attack) => results.Paper!.TryGetValue(attack, out double paper)
        ? [Titles.Number(paper, "0.0#"), Titles.Number(results.Accuracy[attack] - paper, "+0.00;−0.00;0.00")] : ["", ""];
}
