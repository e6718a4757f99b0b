using System.Text.Json;
using System.Xml.Linq;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Reports.Page;

/// <summary>config.json for people: whatever is in it, a group for each object.</summary>
internal static class ConfigurationSection
{
    public static XElement Of(RunConfiguration configuration)
    {
        List<(string? Title, IReadOnlyList<(string, string)> Rows)> groups = [];
        Collect(null, JsonSerializer.SerializeToElement(configuration, JsonFile.Options), groups);
        return Html.Section("Configuration", Html.Folded(
            "Every option as resolved, versions and data",
            Html.Properties("What config.json holds: with it the same run can be made again.", groups)));
    }

    private static void Collect(string? title, JsonElement group, List<(string? Title, IReadOnlyList<(string, string)> Rows)> groups)
    {
        List<(string, string)> rows = [];
        groups.Add((title, rows));
        foreach (JsonProperty property in group.EnumerateObject())
        {
            string name = Words(property.Name);
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
                    rows.Add((name, Text(property.Value)));
                    break;
            }
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "—",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.ToString(),
    };

    private static string Words(string key) => key.Replace('_', ' ');
}
