using System.Reflection;
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
        [nameof(Recipe.LambdaAdversarial)] = Jarn,
        [nameof(Recipe.DiscriminatorWidths)] = Jarn,
        [nameof(Recipe.DiscriminatorInterval)] = Jarn,
        [nameof(Recipe.DiscriminatorLearningRate)] = Jarn,
        [nameof(Recipe.JarnFrom)] = Jarn,
        [nameof(Recipe.JarnLearningRateFactor)] = Jarn,
        [nameof(Recipe.Jacobian)] = Jarn,
        [nameof(Recipe.NormalizeJacobian)] = Jarn,
        [nameof(Recipe.LambdaGradient)] = ["double-backprop"],
        [nameof(Recipe.TrainingAttackIterations)] = ["pgd-at7"],
        [nameof(Recipe.TrainingAttackStepSize)] = ["pgd-at7", "trades"],
        [nameof(Recipe.EpsilonRamp)] = ["pgd-at7", "fgsm-at1", "jarn-at1", "fast-at"],
        [nameof(BaselineRecipe.TradesBeta)] = ["trades"],
        [nameof(BaselineRecipe.TradesIterations)] = ["trades"],
        [nameof(BaselineRecipe.FastStepFactor)] = ["fast-at"],
        [nameof(BaselineRecipe.FreeReplays)] = ["free-at"],
        [nameof(BaselineRecipe.LambdaJacobian)] = ["jacobian-regularization"],
    };

    private static readonly string[] OfWideResNet = [nameof(Recipe.Width), nameof(Recipe.Depth)];

    /// <summary>The methods that use a setting; null for all of them.</summary>
    /// <param name="setting">A property of <see cref="Recipe"/> or <see cref="BaselineRecipe"/>.</param>
    public static IReadOnlyList<string>? MethodsOf(string setting) => Methods.GetValueOrDefault(setting);

    /// <summary>The network that uses a setting; null for all of them.</summary>
    /// <inheritdoc cref="MethodsOf" path="/param"/>
    public static ClassifierKind? NetworkOf(string setting) => OfWideResNet.Contains(setting) ? ClassifierKind.WideResNet : null;

    /// <param name="setting">A property of <see cref="Recipe"/> or <see cref="BaselineRecipe"/>.</param>
    /// <param name="method">One of <see cref="TrainingMethod.Names"/>.</param>
    /// <param name="network">What is trained.</param>
    public static bool Applies(string setting, string method, ClassifierKind network) =>
        MethodsOf(setting)?.Contains(method) != false && (NetworkOf(setting) ?? network) == network;

    /// <summary>Whether a method uses any of <see cref="BaselineRecipe"/>.</summary>
    public static bool UsesBaselines(string method) =>
        typeof(BaselineRecipe).GetProperties().Any(setting => MethodsOf(setting.Name)?.Contains(method) == true);

    /// <summary><see cref="Applies"/> for a key of config.json.</summary>
    public static bool AppliesToKey(string key, string method, ClassifierKind network) =>
        Applies(Methods.Keys.Concat(OfWideResNet).FirstOrDefault(setting => JsonNamingPolicy.SnakeCaseLower.ConvertName(setting) == key, key), method, network);

    /// <summary>The recipe with its preset's values in place of those that have no effect: two recipes of the same training become equal.</summary>
    public static Recipe Canonical(TrainingConfiguration configuration)
    {
        Recipe preset = Presets.Recipe(configuration.Preset, configuration.Dataset);
        Recipe canonical = Reset(configuration.Recipe with { }, preset);
        return canonical with { Baselines = Reset(configuration.Baselines with { }, preset.Baselines!) };

        T Reset<T>(T settings, T otherwise)
        {
            foreach (PropertyInfo setting in typeof(T).GetProperties().Where(setting => !Applies(setting.Name, configuration.Method, configuration.Network)))
            {
                setting.SetValue(settings, setting.GetValue(otherwise));
            }
            return settings;
        }
    }
}
