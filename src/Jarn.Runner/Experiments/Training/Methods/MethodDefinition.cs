using System.Text.Json.Serialization;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The settings of a training method; its type says which method.</summary>
[JsonConverter(typeof(MethodSettingsConverter))]
public abstract record MethodSettings : SettingsRecord
{
    /// <summary>The name that <c>--method</c> takes.</summary>
    public string Name => MethodDefinition.List.Of(this).Name;

    /// <summary>Steps on the same batch, one after the other.</summary>
    public virtual int Replays => 1;

    /// <summary>The shares of the steps at which parts of the training begin in which all steps cost alike; a part may be empty.</summary>
    public virtual IReadOnlyList<double> Phases => [0];

    /// <summary>Trainings of one method with equal keys take equally long for an image.</summary>
    public virtual object? CostKey => null;
}

/// <summary>What a training method is created with.</summary>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Device">The device that computes the steps.</param>
/// <param name="Classifier">The classifier to train.</param>
/// <param name="Image">The shape of one training image.</param>
public sealed record MethodContext(Recipe Recipe, ulong Seed, IDevice Device, Network Classifier, ImageShape Image);

/// <summary>What the settings in a preset depend on.</summary>
/// <param name="Dataset">The name that <c>--dataset</c> takes.</param>
/// <param name="Image">The shape of one image of the data set.</param>
public sealed record PresetContext(Preset Preset, string Dataset, ImageShape Image)
{
    /// <summary>Whether the images are grey, as MNIST's: the paper has other settings for them than for colours.</summary>
    public bool IsGrey => Image.Channels == 1;
}

/// <summary>A training method that can be chosen by name, see <see cref="List"/>.</summary>
public abstract class MethodDefinition : IDefinition
{
    /// <summary>All methods: those of the paper in its order, then others. A program adds its own with <see cref="OpenList{T}.Register"/>.</summary>
    public static DefinitionList<MethodDefinition> List { get; } = new(
        StandardTraining.Definition, UniformNoiseTraining.Definition, FgsmTraining.Definition, DoubleBackpropTraining.Definition,
        JarnTraining.Definition, PgdTraining.Definition, JarnFgsmTraining.Definition, TradesTraining.Definition, FastTraining.Definition,
        FreeTraining.Definition, JacobianRegularizationTraining.Definition);

    /// <summary>The names of those in the paper's Table 3.</summary>
    public static IReadOnlyList<string> OfPaper => [.. List.All.Where(definition => definition.IsOfPaper).Select(definition => definition.Name)];

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>The name in tables.</summary>
    public required string Title { get; init; }

    /// <summary>One line for help.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether the paper's Table 3 has it.</summary>
    public bool IsOfPaper { get; init; }

    /// <summary>A sentence below every table that shows the method; null for none.</summary>
    public string? Remark { get; init; }

    /// <inheritdoc/>
    public abstract Type SettingsType { get; }

    /// <summary>The settings of this method in a preset.</summary>
    public abstract MethodSettings Preset(PresetContext context);

    /// <summary>The method, ready for its first step.</summary>
    public static TrainingMethod Create(MethodContext context) => List.Of(context.Recipe.Method).CreateMethod(context);

    internal abstract TrainingMethod CreateMethod(MethodContext context);
}

/// <inheritdoc/>
/// <typeparam name="TSettings">The type of its settings.</typeparam>
public sealed class MethodDefinition<TSettings> : MethodDefinition where TSettings : MethodSettings, new()
{
    /// <inheritdoc/>
    public override Type SettingsType => typeof(TSettings);

    /// <summary>A preset's settings, where they are not the defaults of the record.</summary>
    public Func<PresetContext, TSettings> Presets { get; init; } = _ => new TSettings();

    /// <summary>The method, ready for its first step.</summary>
    public required Func<TSettings, MethodContext, TrainingMethod> Make { get; init; }

    /// <inheritdoc/>
    public override MethodSettings Preset(PresetContext context) => Presets(context);

    internal override TrainingMethod CreateMethod(MethodContext context) => Make((TSettings)context.Recipe.Method, context);
}

/// <summary>Settings as JSON: {"name": "jarn", "lambda_adversarial": 1, …}</summary>
public sealed class MethodSettingsConverter() : NamedSettingsConverter<MethodSettings, MethodDefinition>("method", () => MethodDefinition.List);
