using System.Text.Json.Serialization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Every option of a run as resolved: what config.json records.</summary>
/// <param name="Dataset">As asked for.</param>
/// <param name="Data">Whether drawn images may stand in.</param>
/// <param name="DataDirectory">As given.</param>
/// <param name="Preset">Where unnamed values came from: paper or small.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Device">Computed on.</param>
/// <param name="Threads">0 is one per core.</param>
/// <param name="Winograd">Whether the CPU device may use Winograd's algorithm.</param>
/// <param name="LimitTrain">The first so many images; null is all.</param>
/// <param name="Recipe">How the classifier is built, trained and attacked.</param>
/// <param name="MatMulPrecision">Of products; null where the device was to decide, whose title in config.json says how it did.</param>
/// <param name="Extra">Whether with the additional training images that svhn has.</param>
/// <param name="Schedule">When the training is saved; null where an older version wrote it.</param>
public sealed record TrainingConfiguration(
    string Dataset, DataChoice Data, string? DataDirectory, Preset Preset, ulong Seed, DeviceKind Device, int Threads, bool Winograd,
    int? LimitTrain, Recipe Recipe, MatMulPrecision? MatMulPrecision = null, bool Extra = false, CheckpointSchedule? Schedule = null)
{
    /// <summary>As <c>--method</c> takes it.</summary>
    [JsonIgnore]
    public string Method => Recipe.Method.Name;

    /// <summary>When the training is saved.</summary>
    [JsonIgnore]
    public CheckpointSchedule Checkpoints => Schedule ?? CheckpointSchedule.Default;

    /// <summary>The data set asked for.</summary>
    [JsonIgnore]
    public IDatasetProvider Provider => Datasets.Named(Dataset, Extra);

    /// <summary>Which of its images.</summary>
    [JsonIgnore]
    public DatasetRequest Request => new(Data, LimitTrain, Recipe.LimitTest);

    /// <summary>A preset's recipe for a method on a data set.</summary>
    /// <param name="preset">Paper or small.</param>
    /// <param name="dataset">By its name on the command line.</param>
    /// <param name="method">Likewise.</param>
    /// <param name="network">Likewise; null for the usual one of such images.</param>
    /// <exception cref="UserErrorException">One is unknown, or the network does not take the data set's images.</exception>
    public static Recipe PresetRecipe(Preset preset, string dataset, string method, string? network = null)
    {
        (IDatasetProvider source, ImageShape image) = (Datasets.Named(dataset), Datasets.Describe(dataset).Shape);
        NetworkDefinition definition = network is null ? NetworkDefinition.For(image) : KnownNetwork(network);
        return definition.Takes(image) ? Presets.Recipe(new PresetContext(preset, source.Name, image), KnownMethod(method), definition)
            : throw new UserErrorException($"--network is {definition.Name}, which does not take {source.Title}'s images of {image}: "
                + $"give {string.Join(" or ", NetworkDefinition.List.All.Where(other => other.Takes(image)).Select(other => other.Name))}");
    }

    /// <summary>The configuration itself.</summary>
    /// <exception cref="UserErrorException">A value, of a config.json, is unknown or out of range.</exception>
    public TrainingConfiguration Checked()
    {
        _ = Provider;
        OptionValue.Defined("--data", Data);
        OptionValue.Defined("--preset", Preset);
        OptionValue.Defined("--device", Device);
        OptionValue.Within("--threads", Threads, 0, MostThreads);
        OptionValue.AtLeastOne("--limit-train", LimitTrain ?? 1);
        Recipe.Checked();
        OptionValue.Defined("--matmul-precision", MatMulPrecision ?? default);
        Checkpoints.Checked();
        return this;
    }

    /// <summary>Of the CPU device.</summary>
    public const int MostThreads = 1024;

    /// <exception cref="UserErrorException">There is no method of this name.</exception>
    public static MethodDefinition KnownMethod(string name) =>
        MethodDefinition.List.Find(name) ?? throw Unknown("method", name, MethodDefinition.List.Names);

    /// <exception cref="UserErrorException">There is no network of this name.</exception>
    public static NetworkDefinition KnownNetwork(string name) =>
        NetworkDefinition.List.Find(name) ?? throw Unknown("network", name, NetworkDefinition.List.Names);

    /// <summary>The classifier for images of this data set.</summary>
    public ClassifierDescription Classifier(ImageSet images) => Classifier(images.Shape, images.ClassCount);

    /// <inheritdoc cref="Classifier(ImageSet)"/>
    public ClassifierDescription Classifier(ImageShape image, int classes) => new(Recipe.Network, image, classes, Recipe.InputTransform);

    private static UserErrorException Unknown(string kind, string name, IReadOnlyList<string> names) =>
        new($"there is no {kind} {name}: give {string.Join(", ", names)} to --{kind}{Suggestion.Question(name, names)}");
}
