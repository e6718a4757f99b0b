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

    /// <summary>The file, of itself or of the folder of a run.</summary>
    public static string PathOf(string path) => Directory.Exists(path) ? Path.Combine(path, Name) : path;

    /// <summary>Builds the classifier that a file holds; the caller disposes it.</summary>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <exception cref="UserErrorException">The file is absent, damaged, or no classifier of ours.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(string path, IDevice device)
    {
        path = PathOf(path);
        TensorFile file = SafeTensors.Read(path);
        return Refusing(path, Remedy, () =>
        {
            ModelOrigin origin = SavedModel.Origin(file);
            return (SavedModel.Build(origin.Description, file, device), origin);
        });
    }

    /// <summary>Builds a classifier of a file's tensors; the caller disposes it.</summary>
    /// <param name="description">What the file is said to hold.</param>
    /// <param name="file">Tensors by the names of the classifier's parameters; what has another name is left alone.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <param name="device">Where the classifier is wanted.</param>
    /// <param name="remedy">What to do where a tensor is missing or of another shape.</param>
    /// <exception cref="UserErrorException">One is.</exception>
    public static Network Build(ClassifierDescription description, TensorFile file, string path, IDevice device, string remedy) =>
        Refusing(path, remedy, () => SavedModel.Build(description, file, device));

    private static T Refusing<T>(string path, string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"{path} is no model that can be read ({exception.Message}): {remedy}", exception);
        }
    }
}
