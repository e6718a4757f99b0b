using Jarn.Models;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The kinds of settings.</summary>
public enum SettingKind
{
    /// <summary>Settings of a <see cref="Experiments.Training.Recipe"/> and its threat model.</summary>
    Recipe,

    /// <summary>Settings of all methods.</summary>
    Method,

    /// <summary>Settings of all networks.</summary>
    Network,
}

/// <summary>Options of a class that are settings of records: they have no properties of their own, but a place in <see cref="Settings"/>.</summary>
public interface ISettingOptions
{
    /// <summary>The values that were typed, by option without dashes.</summary>
    Dictionary<string, object?> Settings { get; }
}

/// <summary>The class takes these settings as options.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SettingOptionsAttribute(params SettingKind[] kinds) : Attribute
{
    /// <summary>An option for each setting, where those of several records that bear one name are one.</summary>
    /// <param name="heading">The heading under which help lists the options.</param>
    public IEnumerable<Declaration> Declare(string heading) => kinds.SelectMany(kind => kind switch
    {
        SettingKind.Recipe =>
            Setting.Of(typeof(Recipe)).Concat(Setting.Of(typeof(ThreatModel))).Select(setting => new Declaration(setting, heading, [])),
        SettingKind.Method => OfDefinitions("method", "Method-specific options", MethodDefinition.List.All),
        _ => OfDefinitions("network", "Network options", NetworkDefinition.List.All),
    });

    /// <summary>An option that only some definitions have counts with those alone.</summary>
    private static IEnumerable<Declaration> OfDefinitions(string setting, string heading, IReadOnlyList<IDefinition> definitions) =>
        definitions.SelectMany(definition => Setting.Of(definition.SettingsType).Select(declared => (definition.Name, Setting: declared)))
            .GroupBy(pair => pair.Setting.Option)
            .Select(group => new Declaration(group.First().Setting, heading, group.Count() == definitions.Count ? []
                : [new HeededByAttribute(setting, [.. group.Select(pair => pair.Name)])]));
}
