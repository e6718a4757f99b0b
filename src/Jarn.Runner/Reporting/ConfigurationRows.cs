using System.Text.Json;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Reporting;

/// <summary>The content of a config.json, for people: a group of rows for each object in it.</summary>
/// <param name="Title">The way to the object; null for the outermost.</param>
/// <param name="Rows">Its keys in words and its values.</param>
internal sealed record ConfigurationRows(string? Title, IReadOnlyList<(string Name, string Value)> Rows)
{
    public static IReadOnlyList<ConfigurationRows> Of(RunConfiguration configuration)
    {
        List<ConfigurationRows> groups = [];
        Collect(null, JsonSerializer.SerializeToElement(configuration, JsonFile.Options), groups);
        return groups;
    }

    private static void Collect(string? title, JsonElement group, List<ConfigurationRows> groups)
    {
        List<(string, string)> rows = [];
        groups.Add(new ConfigurationRows(title, rows));
        foreach (JsonProperty property in group.EnumerateObject())
        {
            string name = property.Name.Replace('_', ' ');
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Collect(title is null ? name : $"{title}: {name}", property.Value, groups);
                    break;
                case JsonValueKind.Array when property.Value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object):
                    foreach ((int index, JsonElement item) in property.Value.EnumerateArray().Index())
                    {
                        Collect($"{name} {index + 1}", item, groups);
                    }
                    break;
                default:
                    rows.Add((name, IsSize(property) ? PerturbationSize.Text(property.Value.GetDouble()) : Text(property.Value)));
                    break;
            }
        }
    }

    /// <summary>Whether it is in units of the pixel range, as ε is.</summary>
    private static bool IsSize(JsonProperty property) => property is
    {
        Name: "epsilon" or "training_attack_step_size",
        Value.ValueKind: JsonValueKind.Number,
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "—",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.ToString(),
    };
}
