using System.Text.Json.Serialization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Experiments.Training;

/// <summary>All options of a run after defaults and presets were applied. config.json records them.</summary>
/// <param name="Dataset">The data set's name as <c>--dataset</c> takes it.</param>
/// <param name="Data">Whether drawn images may stand in.</param>
/// <param name="DataDirectory">The folder given with <c>--data-dir</c>; null for the usual places.</param>
/// <param name="Preset">The preset that gave the values of options that were not typed.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Device">The kind of device that computed the run.</param>
/// <param name="Threads">0 is one per core.</param>
/// <param name="Winograd">Whether the CPU device may use Winograd's algorithm.</param>
/// <param name="LimitTrain">The number of training images to use, counted from the first; null for all.</param>
/// <param name="Recipe">How the classifier is built, trained and attacked.</param>
/// <param name="MatMulPrecision">The precision of matrix products; null if the device chose it, which its title in config.json then tells.</param>
/// <param name="Extra">Whether the additional training images of SVHN are used.</param>
/// <param name="Schedule">When checkpoints are written; null in files of older versions.</param>
public sealed record TrainingConfiguration(
    string Dataset, DataChoice Data, string? DataDirectory, Preset Preset, ulong Seed, DeviceKind Device, int Threads, bool Winograd,
    int? LimitTrain, Recipe Recipe, MatMulPrecision? MatMulPrecision = null, bool Extra = false, CheckpointSchedule? Schedule = null)
{
    /// <summary>The name that <c>--method</c> takes.</summary>
    [JsonIgnore]
    public string Method => Recipe.Method.Name;

    /// <summary>When the training is saved.</summary>
    [JsonIgnore]
    public CheckpointSchedule Checkpoints => Schedule ?? CheckpointSchedule.Default;

    /// <summary>The data set asked for.</summary>
    [JsonIgnore]
    public IDatasetProvider Provider => Datasets.Named(Dataset, Extra);

    /// <summary>Which images of the data set to load.</summary>
    [JsonIgnore]
    public DatasetRequest Request => new(Data, LimitTrain, Recipe.LimitTest);

    /// <summary>The recipe that a preset has for a method on a data set.</summary>
    /// <param name="dataset">The name that <c>--dataset</c> takes.</param>
    /// <param name="method">The name that <c>--method</c> takes.</param>
    /// <param name="network">The name that <c>--network</c> takes; null for the usual network for such images.</param>
    /// <exception cref="UserErrorException">A name is unknown, or the network doesn't take images of this shape.</exception>
    public static Recipe PresetRecipe(Preset preset, string dataset, string method, string? network = null)
    {
        (IDatasetProvider source, ImageShape image) = (Datasets.Named(dataset), Datasets.Describe(dataset).Shape);
        NetworkDefinition definition = network is null ? NetworkDefinition.For(image) : KnownNetwork(network);
        return definition.Takes(image) ? Presets.Recipe(new PresetContext(preset, source.Name, image), KnownMethod(method), definition)
            : throw new UserErrorException($"--network is {definition.Name}, which does not take {source.Title}'s images of {image}: "
                + $"give {string.Join(" or ", NetworkDefinition.List.All.Where(other => other.Takes(image)).Select(other => other.Name))}");
    }

    /// <summary>Returns this configuration if every value is known and within its range.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
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

    /// <summary>The most threads of the CPU device.</summary>
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
