using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>
/// What makes two runs the same experiment: data, method, seed and recipe. Where it was computed, on how many threads and what the classifier
/// was attacked with afterwards do not.
/// </summary>
/// <param name="Dataset">The name of the images. Runs on drawn stand-ins are not runs on the real data.</param>
/// <param name="DataSha256">The hashes of the files read, in their order; none for drawn images.</param>
/// <param name="TrainExamples">The number of training images.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Recipe">How the classifier was built and trained.</param>
public sealed record RunIdentity(string Dataset, IReadOnlyList<string> DataSha256, int TrainExamples, ulong Seed, Recipe Recipe)
{
    /// <summary>The identity of a run that is yet to be made.</summary>
    public static RunIdentity Of(TrainingConfiguration configuration, Dataset data) => Of(data.Name, data.Files, data.Train.Count, configuration);

    /// <summary>The identity of a run that has been made, from its files.</summary>
    public static RunIdentity Of(RunConfiguration configuration, RunResults results) =>
        Of(configuration.Dataset, configuration.Data, results.TrainExamples, configuration.Options);

    /// <summary>
    /// The SHA-256 of all of it, in hexadecimal: equal for equal identities (a recipe's lists compare by reference, this by content).
    /// </summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, JsonFile.Options)));

    /// <summary>The name of the run's folder.</summary>
    [JsonIgnore]
    public string FolderName => $"{Dataset}-{Recipe.Method.Name}-seed{Seed}-{Fingerprint[..10]}";

    private static RunIdentity Of(string dataset, IReadOnlyList<FileRead> files, int images, TrainingConfiguration configuration) => new(
        dataset, [.. files.Select(file => file.Sha256)], images, configuration.Seed, configuration.Recipe with { Attacks = [], LimitTest = null });
}
