using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>Table 4: what training costs, in time and in gradients, beside PGD-AT7's.</summary>
public sealed class CostTable : PaperResult
{
    private const string Yardstick = "pgd-at7";

    public CostTable(string name, Experiment experiment)
        : base(name, experiment)
    {
        IReadOnlyList<string> methods = experiment.MethodsOf(name, Yardstick, "jarn-at1", "fgsm-at1", "jarn");
        Models = methods.Contains(Yardstick) ? [.. methods.Select(method => experiment.Model(method))]
            : throw new UserErrorException($"--methods leaves out {Yardstick}, and {name} gives ratios to it: add it");
    }

    public override string Title => "Table 4: cost of training";

    public override IReadOnlyList<Model> Models { get; }

    public override ReproducedResult Reproduce(ExperimentRunner runner)
    {
        ReportProvenance provenance = new(runner, Models);
        FinishedRun[][] runs = [.. Models.Select(model => model.Runs.Select(runner.Obtain).ToArray())];
        FinishedRun[] yardsticks = runs[Models.ToList().FindIndex(model => model.Method == Yardstick)];
        Row[] rows = [.. Models.Zip(runs, (model, own) => new Row(model, own, yardsticks))];
        CsvTable csv = new(
            "target", "dataset", "preset", "model", "method", "seed", "device", "threads", "seconds_per_epoch", "time_ratio",
            "gradient_evaluations_per_image", "gradient_ratio", "paper_seconds_per_epoch", "paper_time_ratio", "train_images", "run",
            OverfittingColumn);
        foreach (Row row in rows)
        {
            for (int i = 0; i < row.Runs.Count; i++)
            {
                FinishedRun run = row.Runs[i];
                csv.Add(
                    Name, run.Configuration.Dataset, Titles.Preset(run.Results.Preset), row.Model.Title, row.Model.Method, run.Results.Seed,
                    run.Results.Device, run.Configuration.Options.Threads, run.Results.SecondsPerEpoch, row.TimeRatios[i],
                    run.Results.GradientEvaluationsPerImage, row.GradientRatios[i], row.PaperSeconds, row.PaperRatio, run.Results.TrainExamples,
                    Path.GetFileName(run.Directory.Folder), OverfittingStep(run));
            }
        }
        BarTable chart = new(
            [.. Models.Select(provenance.Row)], ["Time per epoch", "Gradient evaluations per image"],
            (row, column) => column == 0 ? Bar(rows[row].TimeRatio, rows[row].PaperRatio) : Bar(rows[row].GradientRatio, null),
            "ratio to PGD-AT7", Math.Max(1, rows.Max(row => Math.Max(row.TimeRatio.High, row.GradientRatio.High))), "0.00");
        return new ReproducedResult(
            csv,
            Page(provenance)
                .Table(
                    ["", "seconds per epoch", "ratio", "gradients per image", "ratio", "paper: seconds per epoch", "paper: ratio"],
                    rows.Select(row => row.Cells(provenance.Title(row.Model))))
                .List(
                [
                    Order(rows), .. Timing(rows),
                    "Gradients per image: forward and backward passes through the classifier per image and step, averaged over the training.",
                    "The paper's times are for its Wide-ResNet on the 50 000 training images of CIFAR-10.",
                ]),
            path => chart.Write(path, Title, provenance.Subtitle),
            Html.Figure("Ratios to PGD-AT7.", PageCharts.Of(chart)));
    }

    private static BarCell Bar(Summary ratio, double? paper) => new(ratio.Mean, ratio.Low, ratio.High, paper);

    private static string Order(Row[] rows)
    {
        string Rising(Func<Row, double> cost) => string.Join(" < ", rows.OrderBy(cost).Select(row => row.Model.Title));
        return $"Fastest first: {Rising(row => row.Seconds.Mean)}. In the paper: {Rising(row => row.PaperSeconds)}.";
    }

    /// <summary>Times compare only where they were measured alike.</summary>
    private static IEnumerable<string> Timing(Row[] rows)
    {
        string[] machines = [.. rows.SelectMany(row => row.Runs)
            .Select(run => (run.Results.Device, run.Configuration.Options.Threads))
            .Select(run => $"{run.Device}, {(run.Threads is int threads and > 0 ? $"--threads {threads}" : "one thread per core")}").Distinct()];
        yield return machines.Length == 1 ? $"Timed on {machines[0]}."
            : $"NOT all timed on the same device with the same number of threads ({string.Join("; ", machines)}): the ratios compare machines, too.";
    }

    private sealed record Row(Model Model, IReadOnlyList<FinishedRun> Runs, IReadOnlyList<FinishedRun> Yardsticks)
    {
        public IReadOnlyList<double> TimeRatios { get; } =
        [
            .. Runs.Zip(Yardsticks, (run, yardstick) => run.Results.SecondsPerEpoch / yardstick.Results.SecondsPerEpoch),
        ];

        public IReadOnlyList<double> GradientRatios { get; } =
            [.. Runs.Zip(Yardsticks, (run, yardstick) => run.Results.GradientEvaluationsPerImage / yardstick.Results.GradientEvaluationsPerImage)];

        public Summary Seconds => Summary.Of([.. Runs.Select(run => run.Results.SecondsPerEpoch)]);

        public Summary Gradients => Summary.Of([.. Runs.Select(run => run.Results.GradientEvaluationsPerImage)]);

        public Summary TimeRatio => Summary.Of(TimeRatios);

        public Summary GradientRatio => Summary.Of(GradientRatios);

        public double PaperSeconds => PaperFigures.SecondsPerEpoch[Model.Method];

        public double PaperRatio => PaperSeconds / PaperFigures.SecondsPerEpoch[Yardstick];

        public IReadOnlyList<string> Cells(string title) =>
        [
            title, Seconds.Text("0.00"), TimeRatio.Text("0.00"), Gradients.Text("0.00"), GradientRatio.Text("0.00"),
            Titles.Number(PaperSeconds, "0"), Titles.Number(PaperRatio, "0.00"),
        ];
    }
}
