using System.Xml.Linq;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>A reproduced table or figure: its numbers, a page and a picture.</summary>
/// <param name="Csv">One row per model, seed and attack.</param>
/// <param name="Picture">Writes the picture as PNG to a path.</param>
/// <param name="Figure">The picture for the HTML page.</param>
public sealed record ReproducedResult(CsvTable Csv, MarkdownPage Page, Action<string> Picture, XElement Figure);

/// <summary>A table or figure of the paper: which models it takes, and what it makes of them.</summary>
/// <param name="name">The name on the command line.</param>
/// <param name="experiment">The data set, the seeds and the options of the runs.</param>
public abstract class PaperResult(string name, Experiment experiment)
{
    /// <summary>The column of CSV files with the step from which on a run overfitted catastrophically; empty if it did not.</summary>
    protected const string OverfittingColumn = "overfitting_step";

    public string Name => name;

    /// <summary>Table 3: …, for people.</summary>
    public abstract string Title { get; }

    /// <summary>The models that the table or figure compares.</summary>
    public abstract IReadOnlyList<Model> Models { get; }

    /// <summary>Further models that must be trained.</summary>
    public virtual IReadOnlyList<Model> Helpers => [];

    protected Experiment Experiment => experiment;

    /// <summary>Measures what was not measured yet. Runs that are missing are made on the way.</summary>
    public abstract ReproducedResult Reproduce(ExperimentRunner runner);

    /// <summary>The value in <see cref="OverfittingColumn"/>.</summary>
    protected static int? OverfittingStep(FinishedRun run) => run.Results.CatastrophicOverfitting?.Step;

    /// <summary>Measures a model under each attack.</summary>
    /// <param name="attacks">The attacks, in the order of the result.</param>
    /// <param name="paper">Gives the accuracy in the paper; null if there is none.</param>
    /// <param name="sourceTitle">The title of the source in the entries.</param>
    /// <param name="source">The model whose gradients the attacks follow, seed by seed; null for the model's own.</param>
    protected static IReadOnlyList<Entry> Measure(
        ExperimentRunner runner, Model model, IReadOnlyList<AttackRequest> attacks, Func<AttackRequest, double?>? paper = null,
        string sourceTitle = Entry.WhiteBox, Model? source = null)
    {
        IReadOnlyList<IReadOnlyList<Measurement>> bySeed = [.. model.Runs.Select((run, seed) => runner.Measure(run, attacks, source?.Runs[seed]))];
        return
        [
            .. attacks.Select(
                (attack, i) => new Entry(model, attack, sourceTitle, [.. bySeed.Select(measurements => measurements[i])], paper?.Invoke(attack))),
        ];
    }

    /// <summary>The page's beginning: title, picture, and how its figures came about.</summary>
    protected MarkdownPage Page(ReportProvenance provenance)
    {
        MarkdownPage page = new MarkdownPage().Heading(Title);
        foreach (string sentence in provenance.Overfitting)
        {
            page.Notice(sentence);
        }
        return page.List(provenance.Lines).Picture(Title, $"{Name}.png");
    }

    /// <summary>A row for each entry and seed.</summary>
    protected CsvTable Csv(ExperimentRunner runner, IEnumerable<Entry> entries)
    {
        CsvTable table = new(
            "target", "dataset", "preset", "model", "method", "seed", "attack", "epsilon", "source", "accuracy", "interval_low", "interval_high",
            "zero_gradient", "paper", "train_images", "test_images", "run", OverfittingColumn);
        foreach (Entry entry in entries)
        {
            foreach ((TrainingConfiguration run, Measurement measured) in entry.Model.Runs.Zip(entry.Measurements))
            {
                FinishedRun finished = runner.Obtain(run);
                table.Add(
                    Name, finished.Configuration.Dataset, Titles.Preset(run.Preset), entry.Model.Title, run.Method, run.Seed, entry.Attack.Name,
                    entry.Attack.Epsilon, entry.Source, measured.Accuracy, measured.Interval.Low, measured.Interval.High, measured.ZeroGradient,
                    entry.Paper, finished.Results.TrainExamples, measured.Key.Images, Path.GetFileName(finished.Directory.Folder),
                    OverfittingStep(finished));
            }
        }
        return table;
    }
}
