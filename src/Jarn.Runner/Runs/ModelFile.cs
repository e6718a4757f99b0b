using System.Text.Json;
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
    private const string OriginKey = "jarn";

    private static readonly JsonSerializerOptions Compact = new(JsonFile.Options) { WriteIndented = false };

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, Network classifier, ModelOrigin origin) => SafeTensors.Write(
        path,
        [.. classifier.State.Select(parameter => new NamedTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))],
        new Dictionary<string, string> { ["format"] = "jarn", [OriginKey] = JsonSerializer.Serialize(origin, Compact) });

    /// <summary>Builds the classifier that a file holds; the caller disposes it.</summary>
    /// <exception cref="UserErrorException">The file is absent, damaged, or no classifier of ours.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(string path, IDevice device)
    {
        TensorFile file = SafeTensors.Read(path);
        ModelOrigin origin = Origin(file, path);
        Network classifier = origin.Description.Build(new Initializer(device, 0, network: 0));
        try
        {
            Dictionary<string, NamedTensor> tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
            foreach (Parameter parameter in classifier.State)
            {
                Fill(parameter, tensors.GetValueOrDefault(parameter.Name), path);
            }
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
        return (classifier, origin);
    }

    private static ModelOrigin Origin(TensorFile file, string path)
    {
        try
        {
            return file.Metadata.TryGetValue(OriginKey, out string? json) && JsonSerializer.Deserialize<ModelOrigin>(json, Compact) is ModelOrigin origin
                ? origin : throw new UserErrorException($"{path} does not say which network it holds: give a model.safetensors of a run");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"{path} describes its network in a way that cannot be understood: give a model.safetensors of a run", exception);
        }
    }

    private static void Fill(Parameter parameter, NamedTensor? tensor, string path)
    {
        if (tensor is null || !tensor.Shape.AsSpan().SequenceEqual(parameter.Value.Shape.ToArray()))
        {
            throw new UserErrorException(
                $"{path} holds {(tensor is null ? "no tensor" : $"{string.Join('×', tensor.Shape)} values")} where {parameter.Name} needs "
                + $"{string.Join('×', parameter.Value.Shape.ToArray())}: give a model.safetensors of a run");
        }
        parameter.Value.Buffer.Device.Upload(tensor.Values, parameter.Value.Buffer);
    }
}
