using System.Text.Json;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Runs;

/// <summary>A trained classifier and where it comes from.</summary>
/// <param name="Description">How to build it.</param>
/// <param name="Dataset">What it was trained on: mnist-sketch where drawn digits stood in.</param>
/// <param name="Method">How.</param>
/// <param name="Epsilon">The perturbations that its recipe reckons with.</param>
public sealed record ModelOrigin(ClassifierDescription Description, string Dataset, string Method, double Epsilon);

/// <summary>model.safetensors: a classifier's parameters and running statistics, with its <see cref="ModelOrigin"/> among the metadata.</summary>
public static class ModelFile
{
    /// <summary>In a run's folder.</summary>
    public const string Name = "model.safetensors";

    private const string OriginKey = "jarn";

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, Network classifier, ModelOrigin origin) => SafeTensors.Write(
        path,
        [.. classifier.State.Select(parameter => new NamedTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))],
        new Dictionary<string, string> { ["format"] = "jarn", [OriginKey] = JsonSerializer.Serialize(origin, JsonFile.Compact) });

    /// <summary>Builds the classifier that a file holds; the caller disposes it.</summary>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <exception cref="UserErrorException">The file is absent, damaged, or no classifier of ours.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(string path, IDevice device)
    {
        path = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        TensorFile file = SafeTensors.Read(path);
        ModelOrigin origin = Origin(file, path);
        SavedParameters parameters = new(device, file, path);
        try
        {
            return (origin.Description.Build(parameters), origin);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            parameters.Dispose();
            throw Incomprehensible(path, exception);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static ModelOrigin Origin(TensorFile file, string path)
    {
        try
        {
            ModelOrigin origin = file.Metadata.TryGetValue(OriginKey, out string? json) && JsonSerializer.Deserialize<ModelOrigin>(json, JsonFile.Compact) is ModelOrigin read
                ? read : throw new UserErrorException($"{path} does not say which network it holds: give a model.safetensors of a run");
            // Each layer has saved a tensor: no network deeper than that is worth an attempt.
            return origin.Epsilon is > 0 and <= 1 && origin.Description.Depth <= file.Tensors.Count ? origin : throw Incomprehensible(path, null);
        }
        catch (JsonException exception)
        {
            throw Incomprehensible(path, exception);
        }
    }

    private static UserErrorException Incomprehensible(string path, Exception? cause) =>
        new($"{path} describes its network in a way that cannot be understood: give a model.safetensors of a run", cause);

    /// <summary>Takes parameters from a file, and looks at their shapes before it takes memory.</summary>
    private sealed class SavedParameters(IDevice device, TensorFile file, string path) : Initializer(device, seed: 0, network: 0), IDisposable
    {
        private readonly Dictionary<string, NamedTensor> _tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        private readonly List<Tensor> _taken = [];

        public override Parameter ConvWeight(string name, Shape shape) => Take(name, shape, decays: true);

        public override Parameter LinearWeight(string name, int inputs, int outputs) => Take(name, new Shape(inputs, outputs), decays: true);

        public override Parameter Constant(string name, int length, double value) => Take(name, new Shape(length), decays: false);

        public void Dispose() => _taken.ForEach(tensor => tensor.Dispose());

        private Parameter Take(string name, Shape shape, bool decays)
        {
            int[] extents = shape.ToArray();
            NamedTensor? tensor = _tensors.GetValueOrDefault(name);
            if (tensor is null || !tensor.Shape.AsSpan().SequenceEqual(extents))
            {
                throw new UserErrorException(
                    $"{path} holds {(tensor is null ? "no tensor" : $"{string.Join('×', tensor.Shape)} values")} where {name} needs "
                    + $"{string.Join('×', extents)}: give a model.safetensors of a run");
            }
            _taken.Add(Tensor.From(Device, shape, tensor.Values));
            return new Parameter(name, _taken[^1], decays);
        }
    }
}
