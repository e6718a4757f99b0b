using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Reproduction;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Reporting;

/// <summary>Sentences that belong to figures wherever they are shown.</summary>
public static class Remarks
{
    /// <summary>The sentences below a run's results.</summary>
    /// <param name="configuration">The settings of the run.</param>
    /// <param name="standInReason">Why drawn images stood in; null for real ones.</param>
    public static IEnumerable<string> OfRun(RunResults results, TrainingConfiguration configuration, string? standInReason)
    {
        Recipe recipe = configuration.Recipe;
        string?[] remarks =
        [
            results.NonFiniteLogits is int count ? $"No accuracies: {NonFiniteLogitsException.InWords(count, results.TestExamples)}." : null,
            results.CatastrophicOverfitting is CatastrophicOverfitting overfitting ? $"{overfitting.InWords}." : null,
            standInReason is null ? null : NotReal(configuration.Dataset, ", and the paper's figures are not shown beside them"),
            results.Subset is null ? null : Partial(results.Subset, configuration.Dataset),
            $"Trained on {results.TrainExamples} images for {Length(recipe)}, {Titles.Number(results.SecondsPerEpoch, "0.0")} s per epoch on "
            + $"{results.Device}. Measured on {Images(results.TestExamples, recipe.LimitTest)}.",
            results.Paper is null ? null : Deviations(results.Dataset, recipe),
            .. Worth(results.Accuracy.Keys, results.ZeroGradient.Values, [results.Method]),
        ];
        return remarks.OfType<string>();
    }

    /// <param name="dataset">The data set that drawn images stood in for.</param>
    /// <param name="sequel">What follows from it, starting with a comma; empty for nothing.</param>
    public static string NotReal(string dataset, string sequel) => $"Drawn images, NOT {dataset}: these figures say nothing about it{sequel}.";

    /// <param name="part">How much of the data set was found.</param>
    /// <param name="dataset">The name that <c>--dataset</c> takes.</param>
    public static string Partial(string part, string dataset) => $"Only a part of {dataset} was found: {part}.";

    /// <summary>Says which test images were measured on.</summary>
    public static string Images(int count, int? limit) => count == limit ? $"the first {count} test images only" : $"all {count} test images";

    /// <summary>Why a run's figures may differ from the paper's; null if nothing is known.</summary>
    public static string? Deviations(string dataset, Recipe recipe)
    {
        if (dataset == "mnist")
        {
            return "The paper does not state its MNIST kernel size, activation, optimiser, epochs or PGD step size. This run: kernel size 5, "
                + $"{((recipe.Network as IActivationSetting)?.Activation is Activation activation ? OptionValue.Word(activation) : "ReLU")}, "
                + $"{(recipe.Optimiser == OptimiserKind.Adam ? "Adam" : "SGD")} with learning rate {Titles.Number(recipe.LearningRate, "0.######")}, "
                + $"{Length(recipe)}, PGD step size max(0.01, 2.5ε/k) for k steps, pixels scaled to [0, {Titles.Number(recipe.InputScale, "0.##")}].";
        }
        return recipe is { BatchSize: 128, Steps: 80_000 } && recipe.Network == WideResNet.Definition.Defaults ? null
            : "The paper trains a Wide-ResNet-32-10 for 80000 steps of 128 images. This run: "
                + $"{recipe.Network.Title}, {Length(recipe)} of {recipe.BatchSize} images.";
    }

    /// <summary>The sentences that say how far accuracies can be trusted.</summary>
    /// <param name="attacks">The names of the attacks.</param>
    /// <param name="zeroGradient">The shares of images whose input gradient was zero.</param>
    /// <param name="methods">The training methods of the classifiers.</param>
    public static IEnumerable<string> Worth(IEnumerable<string> attacks, IEnumerable<double> zeroGradient, IEnumerable<string> methods)
    {
        if (zeroGradient.Any(share => share > 0))
        {
            yield return "Zero gradient: per cent of the images whose input gradient was exactly zero when the attack began. "
                + "A gradient-based attack cannot change these images, so surviving it is no sign of robustness.";
        }
        if (attacks.Any(attack => attack.EndsWith(AttackLoss.Margin.Suffix, StringComparison.Ordinal)))
        {
            yield return "Margin loss (-margin): the attack maximises the largest wrong logit minus the true one. Unlike the cross-entropy, "
                + "this loss does not saturate.";
        }
        foreach (string remark in methods.Select(method => MethodDefinition.List.Find(method)?.Remark).OfType<string>().Distinct())
        {
            yield return remark;
        }
    }

    /// <summary>2500 steps, or 20 epochs.</summary>
    public static string Length(Recipe recipe) =>
        recipe.Steps is int steps ? steps == 1 ? "1 step" : $"{steps} steps" : recipe.Epochs == 1 ? "1 epoch" : $"{recipe.Epochs} epochs";
}
