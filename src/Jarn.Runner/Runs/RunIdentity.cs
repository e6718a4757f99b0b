using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Training;

namespace Jarn.Runner.Runs;

/// <summary>
/// What makes two runs the same experiment: data, method, seed and recipe. Where it was computed, on how many threads and what the classifier
/// was attacked with afterwards do not.
/// </summary>
/// <param name="Dataset">What the images are: a stand-in's runs are never taken for the real data's.</param>
/// <param name="DataSha256">Of the files read, in their order; none for drawn images.</param>
/// <param name="TrainExamples">Images trained on.</param>
/// <param name="Method">One of <see cref="TrainingMethod.Names"/>.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Recipe">How the classifier was built and trained: settings that have an effect on it, and the preset's values for the others.</param>
public sealed record RunIdentity(string Dataset, IReadOnlyList<string> DataSha256, int TrainExamples, string Method, ulong Seed, Recipe Recipe)
{
    /// <summary>Of a run yet to be made.</summary>
    public static RunIdentity Of(TrainingConfiguration configuration, Dataset data) => Of(data.Name, data.Files, data.Train.Count, configuration);

    /// <summary>Of a run as its files tell.</summary>
    public static RunIdentity Of(RunConfiguration configuration, RunResults results) =>
        Of(configuration.Dataset, configuration.Data, results.TrainExamples, configuration.Options);

    /// <summary>The SHA-256 of all of it, in hexadecimal: equal for equal identities (a recipe's lists compare by reference, this by content).</summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, JsonFile.Options)));

    /// <summary>For the run's folder.</summary>
    [JsonIgnore]
    public string FolderName => $"{Dataset}-{Method}-seed{Seed}-{Fingerprint[..10]}";

    private static RunIdentity Of(string dataset, IReadOnlyList<FileRead> files, int images, TrainingConfiguration configuration)
    {
        Recipe recipe = RecipeScope.Canonical(configuration);
        return new RunIdentity(dataset, [.. files.Select(file => file.Sha256)], images, configuration.Method, configuration.Seed, recipe with
        {
            Attacks = [],
            LimitTest = null,
            // Absent where they have no effect, as in the identities of runs from before there were such settings.
            EpsilonRamp = RecipeScope.Applies(nameof(recipe.EpsilonRamp), configuration.Method, configuration.Network) ? recipe.EpsilonRamp : null,
            Baselines = RecipeScope.UsesBaselines(configuration.Method) ? recipe.Baselines : null,
        });
    }
}
