using System.Text.Json;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Which settings of a <see cref="Recipe"/> have an effect on a training: config.json has the others too.</summary>
public static class RecipeScope
{
    private static readonly string[] Jarn = ["jarn", "jarn-at1"];

    /// <summary>Settings that only some methods use.</summary>
    private static readonly Dictionary<string, string[]> Methods = new()
    {
        [Key(nameof(Recipe.LambdaAdversarial))] = Jarn,
        [Key(nameof(Recipe.DiscriminatorWidths))] = Jarn,
        [Key(nameof(Recipe.DiscriminatorInterval))] = Jarn,
        [Key(nameof(Recipe.DiscriminatorLearningRate))] = Jarn,
        [Key(nameof(Recipe.JarnFrom))] = Jarn,
        [Key(nameof(Recipe.JarnLearningRateFactor))] = Jarn,
        [Key(nameof(Recipe.Jacobian))] = Jarn,
        [Key(nameof(Recipe.NormalizeJacobian))] = Jarn,
        [Key(nameof(Recipe.LambdaGradient))] = ["double-backprop"],
        [Key(nameof(Recipe.TrainingAttackIterations))] = ["pgd-at7"],
        [Key(nameof(Recipe.TrainingAttackStepSize))] = ["pgd-at7", "trades"],
        [Key(nameof(Recipe.EpsilonRamp))] = ["pgd-at7", "fgsm-at1", "jarn-at1", "fast-at"],
        [Key(nameof(BaselineRecipe.TradesBeta))] = ["trades"],
        [Key(nameof(BaselineRecipe.TradesIterations))] = ["trades"],
        [Key(nameof(BaselineRecipe.FastStepFactor))] = ["fast-at"],
        [Key(nameof(BaselineRecipe.FreeReplays))] = ["free-at"],
        [Key(nameof(BaselineRecipe.LambdaJacobian))] = ["jacobian-regularization"],
    };

    private static readonly string[] OfWideResNet = [Key(nameof(Recipe.Width)), Key(nameof(Recipe.Depth))];

    /// <param name="key">Of a setting in config.json.</param>
    /// <param name="method">One of <see cref="TrainingMethod.Names"/>.</param>
    /// <param name="network">What is trained.</param>
    public static bool Applies(string key, string method, ClassifierKind network) =>
        (!Methods.TryGetValue(key, out string[]? methods) || methods.Contains(method)) && (network == ClassifierKind.WideResNet || !OfWideResNet.Contains(key));

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
}
