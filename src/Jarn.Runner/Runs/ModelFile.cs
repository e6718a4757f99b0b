using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Runs;

/// <summary>model.safetensors: the file of a <see cref="SavedModel"/>.</summary>
public static class ModelFile
{
    /// <summary>In a run's folder.</summary>
    public const string Name = "model.safetensors";

    private const string Remedy = "give a model.safetensors of a run";

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, Network classifier, ModelOrigin origin) => AtomicFile.Write(path, stream => SavedModel.Write(stream, classifier, origin));

    /// <summary>Builds the classifier that a file holds; the caller disposes it.</summary>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <exception cref="UserErrorException">The file is absent, damaged, or no classifier of ours.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(string path, IDevice device)
    {
        path = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        TensorFile file = SafeTensors.Read(path);
        try
        {
            ModelOrigin origin = SavedModel.Origin(file);
            return (SavedModel.Build(origin.Description, file, device), origin);
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"{path} is no model that can be read ({exception.Message}): {Remedy}", exception);
        }
    }
}
