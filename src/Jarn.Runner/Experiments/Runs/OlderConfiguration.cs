using System.Text.Json.Nodes;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>
/// config.json as older versions wrote it: one flat recipe with the settings of all methods and networks, and the method's name beside it. It is read
/// as the same file in today's form.
/// </summary>
internal static class OlderConfiguration
{
    /// <summary>Turns the file into today's form; one that has it already stays as it is, and so does one that makes no sense.</summary>
    public static void Upgrade(JsonNode? file)
    {
        if (file?["options"] is not JsonObject options || options["recipe"] is not JsonObject recipe || recipe.ContainsKey("network")
            || options["method"] is not JsonValue method || !method.TryGetValue(out string? name)
            || MethodDefinition.List.Find(name) is not MethodDefinition definition)
        {
            return;
        }
        if (recipe["baselines"] is JsonObject baselines)
        {
            foreach ((string key, JsonNode? value) in baselines)
            {
                recipe.TryAdd(key, value?.DeepClone());
            }
        }
        NetworkDefinition network = options["dataset"]?.ToString() is "mnist" or "fashion-mnist" ? MnistCnn.Definition : WideResNet.Definition;
        JsonObject ownMethod = Take(definition), ownNetwork = Take(network);
        foreach (string key in MethodDefinition.List.All.SelectMany(Keys).Concat(NetworkDefinition.List.All.SelectMany(Keys)).Append("baselines"))
        {
            recipe.Remove(key);
        }
        JsonNode? epsilon = recipe["epsilon"];
        recipe.Remove("epsilon");
        options.Remove("method");
        recipe.Insert(0, "method", ownMethod);
        recipe.Insert(1, "network", ownNetwork);
        recipe.Insert(2, "threat_model", new JsonObject { ["norm"] = "linf", ["epsilon"] = epsilon });

        JsonObject Take(IDefinition chosen)
        {
            JsonObject settings = new() { [MethodSettingsConverter.NameKey] = chosen.Name };
            foreach (string key in Keys(chosen).Where(key => recipe[key] is not null))
            {
                settings[key] = recipe[key]!.DeepClone();
            }
            return settings;
        }
    }

    private static IEnumerable<string> Keys(IDefinition definition) =>
        Setting.Of(definition.SettingsType).Select(setting => setting.Key);
}
