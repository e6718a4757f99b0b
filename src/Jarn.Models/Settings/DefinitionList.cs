using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>Something that is chosen by its name and has a type of settings of its own.</summary>
public interface IDefinition
{
    /// <summary>The name on the command line and in files: wide-resnet.</summary>
    string Name { get; }

    /// <summary>A <see cref="SettingsRecord"/> that no other definition has.</summary>
    Type SettingsType { get; }
}

/// <summary>A list that a program may add its own elements to before it uses them.</summary>
/// <typeparam name="T">The type of the elements, such as <see cref="NetworkDefinition"/>.</typeparam>
/// <param name="clash">Whether two elements can't be told apart, so that the second is refused.</param>
/// <param name="own">The elements of this library.</param>
public class OpenList<T>(Func<T, T, bool> clash, params IReadOnlyList<T> own) where T : class
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<T> _all = own;

    /// <summary>In the order in which lists show them.</summary>
    public IReadOnlyList<T> All => _all;

    /// <summary>Adds an element.</summary>
    /// <returns>Removes the element when disposed. Most programs keep it until they end.</returns>
    /// <exception cref="ArgumentException">It can't be told apart from an element of the list.</exception>
    public IDisposable Register(T definition)
    {
        lock (_gate)
        {
            if (_all.FirstOrDefault(other => clash(other, definition)) is T other)
            {
                throw new ArgumentException(
                    $"{definition} can't be registered beside {other}: they have the same name or settings", nameof(definition));
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
}

/// <summary>Definitions of one kind, which are chosen by name.</summary>
/// <typeparam name="T">The kind of definition, such as <see cref="NetworkDefinition"/>.</typeparam>
/// <param name="own">The definitions of this library.</param>
public sealed class DefinitionList<T>(params IReadOnlyList<T> own)
    : OpenList<T>((one, other) => one.Name == other.Name || one.SettingsType == other.SettingsType, own) where T : class, IDefinition
{
    /// <summary>The names, in the order of the list.</summary>
    public IReadOnlyList<string> Names => [.. All.Select(definition => definition.Name)];

    /// <summary>The definition of this name; null if there is none.</summary>
    public T? Find(string name) => All.FirstOrDefault(definition => definition.Name == name);

    /// <summary>The definition that settings belong to.</summary>
    /// <exception cref="ArgumentException">No definition with such settings is registered.</exception>
    public T Of(SettingsRecord settings) => All.FirstOrDefault(definition => definition.SettingsType == settings.GetType())
        ?? throw new ArgumentException($"no definition with {settings.GetType().Name} is registered", nameof(settings));
}

/// <summary>Takes something back when it is disposed.</summary>
internal sealed class Registration(Action takeBack) : IDisposable
{
    public void Dispose() => takeBack();
}

/// <summary>Settings in JSON: the name of their definition under "name", then their own keys.</summary>
/// <typeparam name="TSettings">The base of the settings.</typeparam>
/// <typeparam name="TDefinition">The kind of definition that they belong to.</typeparam>
/// <param name="kind">What messages call it: network.</param>
/// <param name="definitions">The list of all definitions.</param>
public abstract class NamedSettingsConverter<TSettings, TDefinition>(string kind, Func<DefinitionList<TDefinition>> definitions)
    : JsonConverter<TSettings>
    where TSettings : SettingsRecord where TDefinition : class, IDefinition
{
    /// <summary>The key in JSON of the name that <see cref="IDefinition"/> declares.</summary>
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
