using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>The settings of a network; its type says which network.</summary>
[JsonConverter(typeof(NetworkSettingsConverter))]
public abstract record NetworkSettings : SettingsRecord
{
    /// <summary>The name that <c>--network</c> takes.</summary>
    public string Name => NetworkDefinition.List.Of(this).Name;

    /// <summary>The name in tables, with the settings that distinguish the network: Wide-ResNet-32-10.</summary>
    public abstract string Title { get; }

    /// <summary>A network of these settings has at least as many tensors: no file with fewer is worth an attempt.</summary>
    public virtual int FewestTensors => 1;
}

/// <summary>A classifier that can be chosen by name, see <see cref="List"/>: what images it takes, and how it is built.</summary>
public abstract class NetworkDefinition : IDefinition
{
    /// <summary>All networks; a program adds its own with <see cref="OpenList{T}.Register"/>.</summary>
    public static DefinitionList<NetworkDefinition> List { get; } = new(MnistCnn.Definition, WideResNet.Definition);

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>One line for help.</summary>
    public required string Summary { get; init; }

    /// <inheritdoc/>
    public abstract Type SettingsType { get; }

    /// <summary>The published settings.</summary>
    public abstract NetworkSettings Defaults { get; }

    /// <summary>At a size that two CPU cores train in minutes.</summary>
    public abstract NetworkSettings Small { get; }

    /// <summary>Whether the network can take images of a shape.</summary>
    public required Func<ImageShape, bool> Takes { get; init; }

    /// <summary>The first of all networks that takes images of a shape.</summary>
    /// <exception cref="ArgumentException">No network does.</exception>
    public static NetworkDefinition For(ImageShape image) => List.All.FirstOrDefault(definition => definition.Takes(image))
        ?? throw new ArgumentException($"no network takes images of {image}", nameof(image));

    internal abstract Network Build(Initializer initializer, ClassifierDescription description);
}

/// <inheritdoc/>
/// <typeparam name="TSettings">The type of its settings.</typeparam>
public sealed class NetworkDefinition<TSettings> : NetworkDefinition where TSettings : NetworkSettings, new()
{
    private readonly TSettings _defaults = new();

    /// <inheritdoc/>
    public override Type SettingsType => typeof(TSettings);

    /// <inheritdoc/>
    public override NetworkSettings Defaults => _defaults;

    /// <inheritdoc/>
    public override NetworkSettings Small => SmallSettings ?? _defaults;

    /// <summary>See <see cref="Small"/>; null where the network is small as it is.</summary>
    public TSettings? SmallSettings { get; init; }

    /// <summary>Builds it, with weights that the initializer draws or reads.</summary>
    public required Func<Initializer, ClassifierDescription, TSettings, Network> Create { get; init; }

    internal override Network Build(Initializer initializer, ClassifierDescription description) =>
        Create(initializer, description, (TSettings)description.Network);
}

/// <summary>Settings as JSON: {"name": "wide-resnet", "width": 10, …}</summary>
public sealed class NetworkSettingsConverter() : NamedSettingsConverter<NetworkSettings, NetworkDefinition>("network", () => NetworkDefinition.List);
