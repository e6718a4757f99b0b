using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>Something that is chosen by its name and has a type of settings of its own.</summary>
public interface IDefinition
{
    /// <summary>On the command line and in files: wide-resnet.</summary>
    string Name { get; }

    /// <summary>A <see cref="SettingsRecord"/> that no other definition has.</summary>
    Type SettingsType { get; }
}

/// <summary>All that can be chosen of a kind; a program may add its own before it uses them.</summary>
/// <typeparam name="T">The kind.</typeparam>
/// <param name="own">Those of this library.</param>
public sealed class DefinitionList<T>(params IReadOnlyList<T> own) where T : class, IDefinition
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<T> _all = own;

    /// <summary>In the order in which lists show them.</summary>
    public IReadOnlyList<T> All => _all;

    /// <summary>In the same order.</summary>
    public IReadOnlyList<string> Names => [.. _all.Select(definition => definition.Name)];

    /// <summary>Adds one.</summary>
    /// <returns>To be disposed to take it back; most programs keep it to their end.</returns>
    /// <exception cref="ArgumentException">There is one of its name or with its settings already.</exception>
    public IDisposable Register(T definition)
    {
        lock (_gate)
        {
            if (_all.Any(other => other.Name == definition.Name || other.SettingsType == definition.SettingsType))
            {
                throw new ArgumentException($"{definition.Name} or its type of settings is registered already", nameof(definition));
            }
            _all = [.. _all, definition];
        }
        return new Registration(() =>
        {
            lock (_gate)
            {
                _all = [.. _all.Where(other => other != definition)];
            }
        });
    }

    /// <summary>The one of a name; null where there is none.</summary>
    public T? Find(string name) => _all.FirstOrDefault(definition => definition.Name == name);

    /// <summary>The one that settings belong to.</summary>
    /// <exception cref="ArgumentException">It is not registered.</exception>
    public T Of(SettingsRecord settings) => _all.FirstOrDefault(definition => definition.SettingsType == settings.GetType())
        ?? throw new ArgumentException($"no definition with {settings.GetType().Name} is registered", nameof(settings));
}

/// <summary>Takes something back when it is disposed.</summary>
internal sealed class Registration(Action takeBack) : IDisposable
{
    public void Dispose() => takeBack();
}

/// <summary>Settings in JSON: the name of their definition under "name", then their own keys.</summary>
/// <typeparam name="TSettings">The base of the settings.</typeparam>
/// <typeparam name="TDefinition">What they belong to.</typeparam>
/// <param name="kind">What they are called: network.</param>
/// <param name="definitions">All that there are.</param>
public abstract class NamedSettingsConverter<TSettings, TDefinition>(string kind, Func<DefinitionList<TDefinition>> definitions)
    : JsonConverter<TSettings>
    where TSettings : SettingsRecord where TDefinition : class, IDefinition
{
    /// <summary>The key of the name.</summary>
    public const string NameKey = "name";

    /// <inheritdoc/>
    /// <exception cref="JsonException">There is no definition of that name, or a key has a value that it can't have.</exception>
    public override TSettings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonObject json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException($"a {kind} is an object with a name");
        string name = json[NameKey] is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new JsonException($"the name of the {kind} is missing");
        TDefinition definition = definitions().Find(name) ?? throw new JsonException($"there is no {kind} {name}");
        json.Remove(NameKey);
        return (TSettings)(json.Deserialize(definition.SettingsType, options) ?? throw new JsonException($"the settings of {name} are null"));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TSettings value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(NameKey, definitions().Of(value).Name);
        foreach (Setting setting in Setting.Of(value.GetType()))
        {
            if (setting.Property.GetValue(value) is object set)
            {
                writer.WritePropertyName(setting.Key);
                JsonSerializer.Serialize(writer, set, setting.Property.PropertyType, options);
            }
        }
        writer.WriteEndObject();
    }
}
