using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>The option overrides this setting of a recipe, and counts where <see cref="RecipeScope"/> says that the setting does.</summary>
/// <param name="setting">A property of <see cref="Recipe"/> or <see cref="BaselineRecipe"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SetsAttribute(string setting) : Attribute
{
    /// <summary>What the setting's scope demands of an option.</summary>
    public IEnumerable<HeededByAttribute> Conditions =>
    [
        .. RecipeScope.MethodsOf(setting) is { } methods ? [new HeededByAttribute("method", [.. methods])] : Enumerable.Empty<HeededByAttribute>(),
        .. RecipeScope.NetworkOf(setting) is { } network ? [new HeededByAttribute("network", OptionValue.Word(network))] : Enumerable.Empty<HeededByAttribute>(),
    ];
}
