using System.Text.Json;
using System.Text.Json.Nodes;
using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A trained classifier and where it comes from.</summary>
/// <param name="Description">How to build the classifier.</param>
/// <param name="Dataset">The name of the training data, such as mnist, or mnist-sketch for drawn digits.</param>
/// <param name="Method">The training method, as <c>--method</c> takes it.</param>
/// <param name="Epsilon">The size of the perturbations that it was trained to withstand, in units of the pixel range [0, 1].</param>
public sealed record ModelOrigin(ClassifierDescription Description, string Dataset, string Method, double Epsilon);

/// <summary>
/// A classifier in the <see cref="SafeTensorsFormat"/>: its parameters and running statistics, with its <see cref="ModelOrigin"/> among the metadata.
/// The command <c>jarn</c> reads and writes the same files.
/// </summary>
public static class SavedModel
{
    private const string OriginKey = "jarn";

    /// <summary>Writes a classifier and where it comes from.</summary>
    public static void Write(Stream stream, Network classifier, ModelOrigin origin) => SafeTensorsFormat.Write(
        stream,
        [.. classifier.State.Select(parameter => new NamedTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))],
        new Dictionary<string, string> { ["format"] = "jarn", [OriginKey] = JsonSerializer.Serialize(origin, JsonFormat.Compact) });

    /// <summary>Builds the classifier that was written; the caller disposes it.</summary>
    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <param name="device">The device that the parameters are loaded to.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or doesn't hold a classifier of Jarn.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(Stream stream, IDevice device)
    {
        TensorFile file = SafeTensorsFormat.Read(stream);
        ModelOrigin origin = Origin(file);
        return (Build(origin.Description, file, device), origin);
    }

    /// <summary>Whether a file says which network it holds.</summary>
    public static bool SaysWhatItHolds(TensorFile file) => file.Metadata.ContainsKey(OriginKey);

    /// <summary>Reads what a file records about its classifier.</summary>
    /// <exception cref="InvalidDataException">The metadata are missing, or can't be true.</exception>
    public static ModelOrigin Origin(TensorFile file) => Origin(file.Metadata, file.Tensors.Count);

    internal static ModelOrigin Origin(IReadOnlyDictionary<string, string> metadata, int tensors)
    {
        string json = metadata.GetValueOrDefault(OriginKey) ?? throw new InvalidDataException("it does not say which network it holds");
        try
        {
            return Upgraded(JsonNode.Parse(json)).Deserialize<ModelOrigin>(JsonFormat.Compact) is { Epsilon: > 0 and <= 1 } origin
                && origin.Description.Network.FewestTensors <= tensors ? origin : throw Incomprehensible(null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Incomprehensible(exception);
        }
    }

    /// <summary>Older files describe every network by the same keys: kind, width and depth beside the image's.</summary>
    private static JsonNode? Upgraded(JsonNode? origin)
    {
        if (origin?["description"] is not JsonObject old || old["kind"] is not JsonNode kind)
        {
            return origin;
        }
        bool isCnn = kind.GetValue<string>() == MnistCnn.Definition.Name;
        JsonObject network = new() { [NetworkSettingsConverter.NameKey] = isCnn ? MnistCnn.Definition.Name : WideResNet.Definition.Name };
        foreach (string key in (ReadOnlySpan<string>)(isCnn ? ["activation"] : ["width", "depth", "activation"]))
        {
            if (old[key] is JsonNode value)
            {
                network[key] = value.DeepClone();
            }
        }
        origin["description"] = new JsonObject
        {
            ["network"] = network,
            ["image"] = new JsonObject
            {
                ["height"] = old["height"]?.DeepClone(), ["width"] = old["image_width"]?.DeepClone(), ["channels"] = old["channels"]?.DeepClone(),
            },
            ["classes"] = old["classes"]?.DeepClone(),
            ["input"] = old["input"]?.DeepClone(),
        };
        return origin;
    }

    /// <summary>Builds a classifier of a file's tensors; the caller disposes it.</summary>
    /// <param name="description">The description of the classifier in the file.</param>
    /// <param name="file">Tensors by the names of the classifier's parameters; what has another name is left alone.</param>
    /// <param name="device">The device that the parameters are loaded to.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or of another shape, or there is no such network.</exception>
    public static Network Build(ClassifierDescription description, TensorFile file, IDevice device)
    {
        SavedParameters parameters = new(device, file);
        try
        {
            return description.Build(parameters);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            parameters.Dispose();
            throw Incomprehensible(exception);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static InvalidDataException Incomprehensible(Exception? cause) =>
        new("it describes its network in a way that cannot be understood", cause);

    /// <summary>Takes parameters from a file, and looks at their shapes before it takes memory.</summary>
    private sealed class SavedParameters(IDevice device, TensorFile file) : Initializer(device, seed: 0, network: 0), IDisposable
    {
        private readonly Dictionary<string, NamedTensor> _tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        private readonly List<Tensor> _taken = [];

        public override Parameter ConvolutionWeight(string name, Shape shape) => Take(name, shape, decays: true);

        public override Parameter LinearWeight(string name, int inputs, int outputs) => Take(name, new Shape(inputs, outputs), decays: true);

        public override Parameter Constant(string name, int length, double value) => Take(name, new Shape(length), decays: false);

        public void Dispose() => _taken.ForEach(tensor => tensor.Dispose());

        private Parameter Take(string name, Shape shape, bool decays)
        {
            int[] extents = shape.ToArray();
            NamedTensor? tensor = _tensors.GetValueOrDefault(name);
            if (tensor is null || !tensor.Shape.AsSpan().SequenceEqual(extents))
            {
                throw new InvalidDataException(
                    $"it holds {(tensor is null ? "no tensor" : $"{string.Join('×', tensor.Shape)} values")} where {name} needs "
                    + $"{string.Join('×', extents)}");
            }
            _taken.Add(Tensor.From(Device, shape, tensor.Values));
            return new Parameter(name, _taken[^1], decays);
        }
    }
}
