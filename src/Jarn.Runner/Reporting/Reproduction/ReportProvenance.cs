using System.Globalization;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Charts;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>
/// The images, recipe and seeds that a table's or figure's numbers come from, and which of its models overfitted catastrophically: the reasons why
/// they may differ from the paper's.
/// </summary>
public sealed class ReportProvenance
{
    private const string Mark = " †";

    private readonly TrainingConfiguration _run;
    private readonly string _training, _seeds, _spread;
    private readonly Dictionary<Model, string[]> _overfitting;

    /// <param name="runner">Provides the images and the runs. Missing runs are trained.</param>
    /// <param name="models">The models of the table or figure. The first one's recipe and seeds are described.</param>
    public ReportProvenance(ExperimentRunner runner, IReadOnlyList<Model> models)
    {
        TrainingConfiguration run = _run = models[0].Runs[0];
        Dataset data = runner.Data(run);
        IsStandIn = data.IsStandIn;
        IDatasetProvider source = Datasets.Named(run.Dataset);
        PublishedDataset? published = source as PublishedDataset;
        Data = IsStandIn
            ? $"{data.Name}: drawn images, NOT {source.Title}; {Counts.Text(data.Train.Count)} training images, "
                + $"{Counts.Text(data.Test.Count)} test images"
            : $"{source.Title}: {Share(data.Train.Count, published?.TrainCount)} training images, "
                + $"{Share(data.Test.Count, published?.TestCount)} test images";
        _training = $"preset {Titles.Preset(run.Preset)}, {run.Recipe.Network.Title}, "
            + $"{Reporting.Remarks.Length(run.Recipe)}, {run.Recipe.BatchSize} images per step";
        bool hasOneSeed = models[0].Runs.Count == 1;
        _seeds = hasOneSeed ? $"seed {run.Seed}" : $"seeds {run.Seed} to {models[0].Runs[^1].Seed}";
        _spread = hasOneSeed ? "95 % interval over the test images" : "± standard deviation over the seeds";
        _overfitting = models.ToDictionary(model => model, model => model.Runs
            .Select(configuration => runner.Obtain(configuration).Results.CatastrophicOverfitting is CatastrophicOverfitting found
                ? Sentence(model, configuration, found)
                : null)
            .OfType<string>().ToArray());
    }

    /// <summary>Whether drawn images stand in: the paper's figures have no place beside theirs.</summary>
    public bool IsStandIn { get; }

    /// <summary>The images, and how many there are.</summary>
    public string Data { get; }

    /// <summary>A sentence for each run whose training overfitted catastrophically.</summary>
    public IEnumerable<string> Overfitting => _overfitting.Values.SelectMany(sentences => sentences);

    /// <summary>Sentences for a page.</summary>
    public IEnumerable<string> Lines => [$"Data: {Data}.", $"Training: {_training}; {_seeds}."];

    /// <summary>The lines below the title of a picture.</summary>
    public IReadOnlyList<string> Subtitle => [Data, $"{_training}; {_seeds}", .. Overfitting];

    /// <summary>The lines below the title of a chart with error bars.</summary>
    public IReadOnlyList<string> ChartSubtitle => [.. Subtitle, ErrorBars];

    /// <summary>Says what the error bars show.</summary>
    public string ErrorBars => $"Error bars: {_spread}.";

    /// <summary>The title in tables and charts, with a mark if the model overfitted catastrophically.</summary>
    public string Title(Model model) => model.Title + MarkOf(model);

    /// <summary>† for a model that overfitted catastrophically, else nothing.</summary>
    public string MarkOf(Model model) => _overfitting[model].Length > 0 ? Mark : "";

    /// <summary>The row in a table of bars.</summary>
    public BarRow Row(Model model) => model.Row with { Title = Title(model) };

    /// <summary>The sentences below a table: how far its entries can be trusted, and why they may differ from the paper's.</summary>
    public IEnumerable<string> Remarks(IReadOnlyCollection<Entry> entries)
    {
        if (IsStandIn)
        {
            yield return "These figures were measured on drawn images. They say nothing about real ones, "
                + "and the paper's figures are not shown beside them.";
        }
        if (entries.Any(entry => entry.Paper is not null) && Reporting.Remarks.Deviations(_run.Dataset, _run.Recipe) is string deviations)
        {
            yield return deviations;
        }
        foreach (string remark in Reporting.Remarks.Worth(
            entries.Select(entry => entry.Attack.Name), entries.Select(entry => entry.ZeroGradient), entries.Select(entry => entry.Model.Method)))
        {
            yield return remark;
        }
    }

    private static string Sentence(Model model, TrainingConfiguration run, CatastrophicOverfitting found) =>
        string.Create(CultureInfo.InvariantCulture,
            $"†\u00A0{model.Title}, seed {run.Seed}: catastrophic overfitting from step {found.Step} (epoch {found.Epoch}). "
            + $"Of {found.Images} training images {found.FgsmAccuracy:0} % withstand FGSM, but only {found.PgdAccuracy:0} % withstand PGD.");

    private static string Share(int used, int? official) =>
        used == official ? $"all {Counts.Text(used)}" : official is int all ? $"{Counts.Text(used)} of {Counts.Text(all)}" : Counts.Text(used);
}
