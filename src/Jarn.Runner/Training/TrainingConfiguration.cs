using System.Text.Json.Serialization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>Every option of a run as resolved: what config.json records.</summary>
/// <param name="Dataset">As asked for.</param>
/// <param name="Data">Whether drawn images may stand in.</param>
/// <param name="DataDirectory">As given.</param>
/// <param name="Method">One of <see cref="TrainingMethod.Names"/>.</param>
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
    string Dataset, DataChoice Data, string? DataDirectory, string Method, Preset Preset, ulong Seed, DeviceKind Device, int Threads, bool Winograd,
    int? LimitTrain, Recipe Recipe, MatMulPrecision? MatMulPrecision = null, bool Extra = false,
    CheckpointSchedule? Schedule = null)
{
    /// <summary>When the training is saved.</summary>
    [JsonIgnore]
    public CheckpointSchedule Checkpoints => Schedule ?? CheckpointSchedule.Default;

    /// <summary>Of the methods that JARN is held against.</summary>
    [JsonIgnore]
    public BaselineRecipe Baselines => Recipe.Baselines!;

    /// <summary>Steps on the same batch, one after the other.</summary>
    [JsonIgnore]
    public int Replays => Method == "free-at" ? Baselines.FreeReplays : 1;

    /// <summary>The data set asked for.</summary>
    [JsonIgnore]
    public IDatasetProvider Provider => Datasets.Named(Dataset, Extra);

    /// <summary>Which of its images.</summary>
    [JsonIgnore]
    public DatasetRequest Request => new(Data, LimitTrain, Recipe.LimitTest);

    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration Resolve(TrainOptions options, DeviceKind device)
    {
        return Resolve(options, options.Dataset, options.Method, options.Seed, device) with { Extra = options.Extra };
    }

    /// <param name="options">A preset and what overrides it.</param>
    /// <param name="dataset">By its name on the command line.</param>
    /// <param name="method">One of <see cref="TrainingMethod.Names"/>.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="device">Computed on; it decides what the preset auto means.</param>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration Resolve(RecipeOptions options, string dataset, string method, ulong seed, DeviceKind device)
    {
        Preset preset = OptionValue.Named<Preset>("--preset", options.Preset) is var named && named != Preset.Auto ? named : Presets.For(device);
        DeviceChoice choice = DeviceChoice.Of(options);
        return new TrainingConfiguration(
            Datasets.Named(dataset).Name,
            OptionValue.Named<DataChoice>("--data", options.Data),
            options.DataDirectory,
            KnownMethod(method),
            preset,
            seed,
            device,
            choice.Threads,
            choice.Winograd,
            options.LimitTrain is int train ? OptionValue.AtLeastOne("--limit-train", train) : null,
            options.Override(Presets.Recipe(preset, dataset)),
            choice.MatMulPrecision,
            Schedule: CheckpointSchedule.Default.Override(options.CheckpointEvery, options.KeepCheckpoints));
    }

    /// <summary>These settings, and in their place those that were typed; device, threads, data folder and schedule are as they were.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public TrainingConfiguration With(TrainOptions options)
    {
        // Options that were left out must not count: they keep these settings' values.
        TrainingConfiguration all = Resolve(options, Device);
        return this with
        {
            Dataset = Typed("dataset", all.Dataset, Dataset),
            Data = Typed("data", all.Data, Data),
            Method = Typed("method", all.Method, Method),
            Preset = options.Preset == "auto" ? Preset : all.Preset,
            Seed = Typed("seed", all.Seed, Seed),
            Winograd = Typed("winograd", all.Winograd, Winograd),
            LimitTrain = Typed("limit-train", all.LimitTrain, LimitTrain),
            Recipe = options.Override(Recipe),
            MatMulPrecision = Typed("matmul-precision", all.MatMulPrecision, MatMulPrecision),
            Extra = Typed("extra", all.Extra, Extra),
        };

        T Typed<T>(string option, T value, T otherwise) => options.Typed.Contains(option) ? value : otherwise;
    }

    /// <summary>The configuration itself.</summary>
    /// <exception cref="UserErrorException">A value, of a config.json, is unknown or out of range.</exception>
    public TrainingConfiguration Checked()
    {
        _ = Provider;
        OptionValue.Defined("--data", Data);
        KnownMethod(Method);
        OptionValue.Defined("--preset", Preset);
        OptionValue.Defined("--device", Device);
        OptionValue.Within("--threads", Threads, 0, DeviceChoice.MostThreads);
        OptionValue.AtLeastOne("--limit-train", LimitTrain ?? 1);
        Recipe.Checked();
        OptionValue.Defined("--matmul-precision", MatMulPrecision ?? default);
        Checkpoints.Checked();
        return this;
    }

    private static string KnownMethod(string name) => TrainingMethod.Names.Contains(name) ? name
        : throw new UserErrorException($"there is no method {name}: give {string.Join(", ", TrainingMethod.Names)} to --method{Suggestion.Question(name, TrainingMethod.Names)}");

    /// <summary>Which classifier the data set gets.</summary>
    [JsonIgnore]
    public ClassifierKind Network => NetworkFor(Datasets.Describe(Dataset).Shape.Channels);

    /// <summary>The classifier for images of this data set.</summary>
    public ClassifierDescription Classifier(ImageSet images) => Classifier(images.Shape, images.ClassCount);

    /// <inheritdoc cref="Classifier(ImageSet)"/>
    public ClassifierDescription Classifier(ImageShape image, int classes) => new(
        NetworkFor(image.Channels), image.Height, image.Width, image.Channels, classes, Recipe.InputTransform, Recipe.Width, Recipe.Depth, Recipe.Activation);

    private static ClassifierKind NetworkFor(int channels) => channels == 1 ? ClassifierKind.MnistCnn : ClassifierKind.WideResNet;
}
