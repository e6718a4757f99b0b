using System.Xml.Linq;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>What came of one: figures, the same as a page, and a picture.</summary>
/// <param name="Csv">In long format: a row for each model, seed and attack.</param>
/// <param name="Page">Markdown.</param>
/// <param name="Picture">Writes the PNG to a path.</param>
/// <param name="Figure">The picture of an HTML page.</param>
public sealed record ReproducedResult(CsvTable Csv, MarkdownPage Page, Action<string> Picture, XElement Figure);

/// <summary>A table or figure of the paper: which models it takes, and what it makes of them.</summary>
/// <param name="name">As on the command line.</param>
/// <param name="experiment">On what data, by what recipe.</param>
public abstract class PaperResult(string name, Experiment experiment)
{
    /// <summary>Of CSV files: the step from which on a run overfitted catastrophically; empty for a run that did not.</summary>
    protected const string OverfittingColumn = "overfitting_step";

    public string Name => name;

    /// <summary>Table 3: …, for people.</summary>
    public abstract string Title { get; }

    /// <summary>What is compared.</summary>
    public abstract IReadOnlyList<Model> Models { get; }

    /// <summary>What must be trained besides.</summary>
    public virtual IReadOnlyList<Model> Helpers => [];

    protected Experiment Experiment => experiment;

    /// <summary>Measures what was not measured yet. Runs that are missing are made on the way.</summary>
    public abstract ReproducedResult Reproduce(ExperimentRunner runner);

    /// <summary>For <see cref="OverfittingColumn"/>.</summary>
    protected static int? OverfittingStep(FinishedRun run) => run.Results.CatastrophicOverfitting?.Step;

    /// <summary>An entry for each attack.</summary>
    /// <param name="runner">Measures.</param>
    /// <param name="model">What is attacked.</param>
    /// <param name="attacks">In the order of the entries.</param>
    /// <param name="paper">What the paper reports; null for nothing.</param>
    /// <param name="sourceTitle">What the entries call the source.</param>
    /// <param name="source">Whose gradients are followed, seed by seed; null for the model's own.</param>
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
