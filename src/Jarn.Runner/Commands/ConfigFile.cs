using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>
/// <c>--config FILE</c>: a run's config.json as the settings of a new run. A key that this version doesn't know would be a setting that is silently
/// ignored, and is refused.
/// </summary>
public static class ConfigFile
{
    private const string Remedy = "give a config.json of a run";

    /// <exception cref="UserErrorException">The file is absent or not of that form; the message names the key.</exception>
    public static RunConfiguration Read(string path)
    {
        using (JsonDocument document = Parse(path))
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("verb", out JsonElement verb)
                && verb.ValueKind == JsonValueKind.String && verb.GetString() != RunConfiguration.TrainVerb)
            {
                throw new UserErrorException($"{path} is of 'jarn {verb.GetString()}', and this is 'jarn {RunConfiguration.TrainVerb}': {Remedy}");
            }
            RequireKeys(root, JsonFile.Options.GetTypeInfo(typeof(RunConfiguration)), "", path);
        }
        return RunConfiguration.Read(path);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            JsonNode? file = JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            OlderConfiguration.Upgrade(file);
            return JsonDocument.Parse(file?.ToJsonString() ?? "null");
        }
        // A string that is no UTF-8 comes as InvalidOperation.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UserErrorException($"{path} is not valid JSON ({exception.Message.TrimEnd('.')}): {Remedy}", exception);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): {Remedy}", exception);
        }
    }

    /// <summary>Holds an object's keys, and those of the objects in it, against what the type knows and requires.</summary>
    /// <param name="element">The object.</param>
    /// <param name="type">The type that the object is read as.</param>
    /// <param name="prefix">The way to it: "options.recipe." or nothing.</param>
    /// <param name="path">The file.</param>
    private static void RequireKeys(JsonElement element, JsonTypeInfo type, string prefix, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            string place = prefix == "" ? "its top" : prefix.TrimEnd('.');
            throw new UserErrorException($"{path} has a value at {place} where an object is expected: {Remedy}");
        }
        foreach (JsonProperty property in element.EnumerateObject())
        {
            JsonPropertyInfo known = type.Properties.FirstOrDefault(known => known.Name == property.Name)
                ?? throw new UserErrorException($"{path} has {prefix}{property.Name}, and there is no such setting: {Remedy}");
            Require(property.Value, known, $"{prefix}{property.Name}", path);
        }
        if (type.Properties.FirstOrDefault(known => known.IsRequired && !element.TryGetProperty(known.Name, out _)) is JsonPropertyInfo missing)
        {
            throw new UserErrorException($"{path} lacks {prefix}{missing.Name}: {Remedy}");
        }
    }

    private static void Require(JsonElement value, JsonPropertyInfo known, string key, string path)
    {
        if (value.ValueKind == JsonValueKind.Object && Definition(known.PropertyType, value, key, path) is IDefinition definition)
        {
            string[] keys = [MethodSettingsConverter.NameKey, .. Setting.Of(definition.SettingsType).Select(setting => setting.Key)];
            if (value.EnumerateObject().Select(property => property.Name).Except(keys).FirstOrDefault() is string stranger)
            {
                throw new UserErrorException($"{path} has {key}.{stranger}, and there is no such setting: {Remedy}");
            }
        }
        JsonTypeInfo type = JsonFile.Options.GetTypeInfo(known.PropertyType);
        if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind != JsonValueKind.Null)
        {
            RequireKeys(value, type, $"{key}.", path);
            return;
        }
        try
        {
            _ = value.Deserialize(type);
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"{path} has {value.GetRawText()} for {key}, which is not a valid value: {Remedy}", exception);
        }
    }

    /// <summary>The definition that settings of a method or a network belong to; null for other values.</summary>
    private static IDefinition? Definition(Type type, JsonElement value, string key, string path)
    {
        return type == typeof(MethodSettings) ? Named(MethodDefinition.List, "method")
            : type == typeof(NetworkSettings) ? Named(NetworkDefinition.List, "network")
            : null;

        IDefinition? Named<T>(DefinitionList<T> definitions, string kind) where T : class, IDefinition =>
            !value.TryGetProperty(MethodSettingsConverter.NameKey, out JsonElement text) || text.ValueKind != JsonValueKind.String ? null
            : definitions.Find(text.GetString()!) ?? throw new UserErrorException(
                $"{path} has {text} for {key}.{MethodSettingsConverter.NameKey}, and there is no {kind} {text}: "
                + $"give one of {string.Join(", ", definitions.Names)}"
                + Suggestion.Question(text.GetString()!, definitions.Names));
    }
}
