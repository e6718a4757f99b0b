using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Figure 4: images over the Jacobians that models have there, one column a class.</summary>
public sealed class JacobianFigure(string name, Experiment experiment) : PaperResult(name, experiment)
{
    private const int Magnification = 3;

    public override string Title => "Figure 4: images and the Jacobians of each model";

    public override IReadOnlyList<Model> Models { get; } =
        [.. experiment.MethodsOf(name, MethodDefinition.OfPaper).Select(method => experiment.Model(method).OfFirstSeed)];

    public override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        ImageSet images = runner.Data(Models[0].Runs[0]).Test;
        using ImageProbe probe = new(runner.Device, images);
        CsvTable csv = new("target", "dataset", "preset", "model", "seed", "image", "class", "jacobian_norm", "alignment", OverfittingColumn);
        List<ImageGridRow> grid = [new("Image", [.. probe.Indices.Select((_, i) => Picture(images, Pixels(probe.Values, images, i)))])];
        List<IReadOnlyList<string>> table = [];
        foreach (Model model in Models)
        {
            TrainingConfiguration run = model.Runs[0];
            FinishedRun finished = runner.Obtain(run);
            using Network classifier = runner.Open(finished);
            float[] gradient = probe.Gradient(classifier);
            List<double> alignments = [];
            for (int i = 0; i < probe.Indices.Count; i++)
            {
                double alignment = Jacobian.Alignment(Pixels(probe.Values, images, i), Pixels(gradient, images, i));
                alignments.Add(alignment);
                csv.Add(
                    Name, runner.Data(run).Name, Titles.Preset(run.Preset), model.Title, run.Seed, probe.Indices[i],
                    images.ClassNames[images.Labels[probe.Indices[i]]],
                    Jacobian.Norm(Pixels(gradient, images, i)), alignment, OverfittingStep(finished));
            }
            grid.Add(new ImageGridRow(
                provenance.Title(model), [.. probe.Indices.Select((_, i) => Picture(images, Jacobian.Shades(Pixels(gradient, images, i))))]));
            table.Add([provenance.Title(model), Titles.Number(alignments.Average(), "0.000"), Titles.Number(alignments.Max(), "0.000")]);
        }
        string reading = "Below each image: the Jacobian of each model, the gradient of the cross-entropy with respect to the pixels. "
            + $"Grey: 0. Black and white: {Jacobian.Contrast} standard deviations or more.";
        string[] classes = [.. probe.Indices.Select(index => images.ClassNames[images.Labels[index]])];
        return new ReproducedResult(
            csv,
            Page(provenance).Table(["", "mean alignment", "highest alignment"], table).List(
            [
                reading,
                "The images are the first of each class in the test set.",
                "Alignment: |⟨x, J⟩|/(‖x‖‖J‖) of the image x and its Jacobian J after subtracting their means. "
                + "It is 1 if the Jacobian equals the image, and near 0 if they are unrelated.",
                .. provenance.Remarks([]),
            ]),
            path => ImageGrid.Write(path, string.Join('\n', [Title, .. provenance.Subtitle, reading]), grid, classes, Magnification),
            Html.Figure("The first test image of each class.", Html.Pictures(Title, classes, grid)));
    }

    private static ReadOnlySpan<float> Pixels(float[] values, ImageSet images, int index) =>
        values.AsSpan(index * images.PixelsPerImage, images.PixelsPerImage);

    private static GridImage Picture(ImageSet images, ReadOnlySpan<float> values) =>
        GridImage.FromFloats(images.Height, images.Width, images.Channels, values);
}
