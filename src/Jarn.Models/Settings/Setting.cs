using System.Reflection;
using System.Text.Json;

namespace Jarn.Models;

/// <summary>A setting in a <see cref="SettingsRecord"/>.</summary>
/// <param name="Property">The property that holds the value.</param>
/// <param name="Declaration">The attribute with which it is declared.</param>
public sealed record Setting(PropertyInfo Property, SettingAttribute Declaration)
{
    /// <summary>The option's name, without dashes: learning-rate.</summary>
    public string Option => Declaration.Option;

    /// <summary>The key in JSON: learning_rate.</summary>
    public string Key => JsonNamingPolicy.SnakeCaseLower.ConvertName(Property.Name);

    /// <summary>The type of the value, without its null-ability.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>The settings that a type of record declares, itself or by an interface, in the order of its properties.</summary>
    public static IReadOnlyList<Setting> Of(Type record)
    {
        Dictionary<string, SettingAttribute> shared = record.GetInterfaces().SelectMany(type => type.GetProperties())
            .Where(property => property.IsDefined(typeof(SettingAttribute))).ToDictionary(property => property.Name, Attribute);
        return
        [
            .. record.GetProperties()
                .Select(property => (
                    Property: property,
                    Attribute: property.GetCustomAttribute<SettingAttribute>() ?? shared.GetValueOrDefault(property.Name)))
                .Where(pair => pair.Attribute is not null).Select(pair => new Setting(pair.Property, pair.Attribute!)),
        ];

        static SettingAttribute Attribute(PropertyInfo property) => property.GetCustomAttribute<SettingAttribute>()!;
    }
}

/// <summary>A record of settings, each declared by a <see cref="SettingAttribute"/>.</summary>
public abstract record SettingsRecord
{
    /// <summary>A copy with other values for some settings.</summary>
    /// <param name="values">Values by option, without dashes. Options that this record doesn't have are ignored.</param>
    public SettingsRecord With(IReadOnlyDictionary<string, object?> values)
    {
        SettingsRecord copy = this with { };
        foreach (Setting setting in Setting.Of(GetType()))
        {
            if (values.TryGetValue(setting.Option, out object? value))
            {
                setting.Property.SetValue(copy, value);
            }
        }
        return copy;
    }
}
