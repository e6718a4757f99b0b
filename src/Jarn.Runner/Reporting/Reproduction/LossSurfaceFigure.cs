using Jarn.Models;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Figure 3: the loss around test images, along the adversarial and a random orthogonal direction.</summary>
public sealed class LossSurfaceFigure(string name, Experiment experiment) : PaperResult(name, experiment)
{
    /// <summary>Both axes reach twice as far as an attack may go.</summary>
    private const double Reach = 2;

    public override string Title => "Figure 3: the loss along the adversarial and a random orthogonal direction";

    public override IReadOnlyList<Model> Models { get; } =
        [.. experiment.MethodsOf(name, "standard", "fgsm-at1", "jarn", "jarn-at1", "pgd-at7").Select(method => experiment.Model(method).OfFirstSeed)];

    public override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        double epsilon = Models[0].Recipe.Epsilon;
        using ImageProbe probe = new(runner.Device, runner.Data(Models[0].Runs[0]).Test);
        Surface[] surfaces = [.. Models.Select(model => new Surface(provenance.Title(model), Compute(runner, model, probe, epsilon)))];
        IReadOnlyList<double> places = LossSurface.Places(Reach);
        CsvTable csv = new("target", "dataset", "preset", "model", "seed", "adversarial", "random", "loss", OverfittingColumn);
        foreach ((Model model, Surface surface) in Models.Zip(surfaces))
        {
            TrainingConfiguration run = model.Runs[0];
            int? overfitting = OverfittingStep(runner.Obtain(run));
            for (int i = 0; i < places.Count; i++)
            {
                for (int j = 0; j < places.Count; j++)
                {
                    csv.Add(
                        Name, runner.Data(run).Name, Titles.Preset(run.Preset), model.Title, run.Seed,
                        places[i], places[j], surface.Values[i, j], overfitting);
                }
            }
        }
        string reading = $"Colour: mean cross-entropy over the first test image of each class. Axes: in units of ε = {Titles.Epsilon(epsilon)}.";
        int middle = places.Count / 2, one = middle + (int)(middle / Reach);
        SurfacePanels chart = new(surfaces, Reach, "adversarial", "random");
        return new ReproducedResult(
            csv,
            Page(provenance)
                .Table(
                    ["mean cross-entropy", "at the images", "ε along the adversarial direction", "ε along the random direction", "highest"],
                    surfaces.Select(surface => (IReadOnlyList<string>)
                    [
                        surface.Title, Titles.Loss(surface.Values[middle, middle]), Titles.Loss(surface.Values[one, middle]),
                        Titles.Loss(surface.Values[middle, one]), Titles.Loss(surface.Values.Cast<double>().Max()),
                    ]))
                .List(
                [
                    reading,
                    "Adversarial direction: the sign of each image's loss gradient. Random direction: orthogonal to it. Pixels may leave [0, 1].",
                    .. provenance.Remarks([]),
                ]),
            path => chart.Write(
                path, Title, [.. provenance.Subtitle, reading, "Upper row: one scale for all models. Lower row: each model on its own scale."]),
            Html.Figure(
                "Mean cross-entropy along the adversarial and a random direction, all models on one scale. Drag to turn.", PageCharts.Of(chart)));
    }

    private static double[,] Compute(ExperimentRunner runner, Model model, ImageProbe probe, double epsilon)
    {
        using Network classifier = runner.Open(runner.Obtain(model.Runs[0]));
        return LossSurface.Compute(runner.Device, classifier, probe, Reach * epsilon, seed: 0);
    }
}
