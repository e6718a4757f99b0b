using System.Text.Json;

namespace Jarn.Models;

/// <summary>Settings of a network whose activation can be chosen.</summary>
public interface IActivationSetting
{
    /// <summary>One of <see cref="Activations.OfClassifiers"/>; null for the network's own.</summary>
    [Setting("activation", "NAME", "leaky-relu, relu, silu or softplus. Default: the network's own.", Rule = typeof(ClassifierActivationRule))]
    Activation? Activation { get; }
}

/// <summary>Settings of a network that is the same network at another depth: what a deep one costs is known from two shallow ones.</summary>
public interface IScalableDepth
{
    /// <summary>The number of layers.</summary>
    int Depth { get; }

    /// <summary>The same network with another number of layers.</summary>
    NetworkSettings WithDepth(int depth);
}

/// <summary>Helps definitions of networks whose activation can be chosen.</summary>
public static class ActivationSettings
{
    /// <summary>The activation that was chosen, or the network's own.</summary>
    /// <exception cref="InvalidOperationException">The chosen activation can't be used in a classifier.</exception>
    public static Activation ActivationOr(this IActivationSetting settings, Activation own) =>
        settings.Activation is not Activation chosen ? own
        : Activations.OfClassifiers.Contains(chosen) ? chosen
        : throw new InvalidOperationException($"no classifier has a {chosen}");

    /// <summary>" with silu" where an activation was chosen, to stand behind the network's title.</summary>
    public static string Suffix(this IActivationSetting settings) =>
        settings.Activation is Activation chosen ? $" with {JsonNamingPolicy.KebabCaseLower.ConvertName(chosen.ToString())}" : "";
}

internal sealed class ClassifierActivationRule : ISettingRule
{
    public string Expected =>
        string.Join(", ", Activations.OfClassifiers.Select(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString())));

    public bool Allows(object value) => value is Activation activation && Activations.OfClassifiers.Contains(activation);
}
