using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Charts;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>A row of a table, a line of a figure: a method with a recipe, one run a seed.</summary>
/// <param name="Title">The paper's name for it, and how its recipe differs from the preset's.</param>
/// <param name="Runs">One run per seed, in the order of the seeds.</param>
public sealed record Model(string Title, IReadOnlyList<TrainingConfiguration> Runs)
{
    public string Method => Runs[0].Method;

    /// <summary>The row in a table of bars. A method has the same colour in all of them.</summary>
    public BarRow Row => new(Title, MethodDefinition.List.Names.Index().First(method => method.Item == Method).Index);

    /// <summary>The model with its first seed only, for pictures of single images, which have no mean.</summary>
    public Model OfFirstSeed => this with { Runs = [Runs[0]] };

    public Recipe Recipe => Runs[0].Recipe;
}

/// <summary>A model's accuracy under an attack: one measurement a seed, and what the paper reports.</summary>
/// <param name="Source">The title of the model whose gradients the attack follows; <see cref="WhiteBox"/> for the model's own.</param>
/// <param name="Measurements">One measurement per seed, in the order of the seeds.</param>
/// <param name="Paper">The accuracy in the paper; null if it has none, or for other images.</param>
public sealed record Entry(Model Model, AttackRequest Attack, string Source, IReadOnlyList<Measurement> Measurements, double? Paper)
{
    public const string WhiteBox = "white-box";

    public Summary Summary => Summary.Of(Measurements);

    /// <summary>The mean over the seeds, in per cent of the images.</summary>
    public double ZeroGradient => Measurements.Average(measured => measured.ZeroGradient);

    /// <summary>The point of a line at this position.</summary>
    public LinePoint Point(double x) => new(x, Summary.Mean, Summary.Low, Summary.High);
}

/// <summary>How to reproduce a table or figure: the data set, the seeds, and the options that all runs share.</summary>
/// <param name="Dataset">The name that <c>--dataset</c> takes.</param>
/// <param name="Seeds">The seeds of the runs; at least one.</param>
/// <param name="Methods">The methods given with <c>--methods</c>; null for all.</param>
/// <param name="ChoosesAttacks">Whether <c>--attacks</c> was given.</param>
/// <param name="Configure">Makes the settings of a run from its method and seed.</param>
public sealed record Experiment(
    string Dataset, IReadOnlyList<ulong> Seeds, string? Methods, bool ChoosesAttacks, Func<string, ulong, TrainingConfiguration> Configure)
{
    /// <summary>
    /// What classifiers are measured under: the attacks typed, or those of the recipe, and FGSM and the longest PGD on the margin loss besides. A
    /// saturated softmax stops the paper's attacks; it does not stop these.
    /// </summary>
    /// <remarks>They are no part of a run's identity: finished runs are found again, and measured under what is missing.</remarks>
    public IReadOnlyList<string> Attacks(Recipe recipe)
    {
        string margin = AttackLoss.Margin.Suffix;
        string[] paper = [.. recipe.Attacks.Where(attack => !attack.EndsWith(margin, StringComparison.Ordinal))];
        return !ChoosesAttacks ? [.. recipe.Attacks.Union([paper[0] + margin, paper[^1] + margin])] : recipe.Attacks;
    }

    /// <summary>A model with one run per seed.</summary>
    /// <param name="method">The name that <c>--method</c> takes.</param>
    /// <param name="difference">What is appended to the method's name; null for nothing.</param>
    /// <param name="change">Changes the recipe; null for no change.</param>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public Model Model(string method, string? difference = null, Func<Recipe, Recipe>? change = null) => new(
        difference is null ? Titles.Method(method) : $"{Titles.Method(method)}, {difference}",
        [.. Seeds.Select(seed => Configure(method, seed)).Select(run => change is null ? run : run with { Recipe = change(run.Recipe) })]);

    /// <summary>Those of a table's or figure's methods that <c>--methods</c> asks for, in the order of <paramref name="all"/>.</summary>
    /// <param name="result">The name of the table or figure, for the message.</param>
    /// <param name="all">The methods of the table or figure.</param>
    /// <exception cref="UserErrorException"><c>--methods</c> names another one.</exception>
    public IReadOnlyList<string> MethodsOf(string result, params IReadOnlyList<string> all)
    {
        if (Methods is not string text)
        {
            return all;
        }
        string[] asked = text.Split(',');
        return asked.FirstOrDefault(name => !all.Contains(name)) is string stranger
            ? throw new UserErrorException($"--methods names {stranger}, which {result} does not have: give some of {string.Join(", ", all)}")
            : [.. all.Where(asked.Contains)];
    }
}
