using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>
/// The file of a classifier: a run's model.safetensors, which is a <see cref="SavedModel"/>, or a checkpoint of its training, which holds the
/// classifier as it was after that step; config.json says how to build it.
/// </summary>
public static class ModelFile
{
    /// <summary>The file's name in the folder of a run.</summary>
    public const string Name = "model.safetensors";

    private const string Remedy = "give a run's folder or its model.safetensors";

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, Network classifier, ModelOrigin origin) =>
        AtomicFile.Write(path, stream => SavedModel.Write(stream, classifier, origin));

    /// <summary>The file, given itself or as the folder of a run.</summary>
    public static string PathOf(string path) => Directory.Exists(path) ? Path.Combine(path, Name) : path;

    /// <summary>The run that a model belongs to, given as <see cref="Read"/> takes it: its folder need not hold the other files of one.</summary>
    public static RunDirectory RunOf(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(PathOf(path)))!;
        string? parent = Path.GetDirectoryName(folder);
        return RunDirectory.Existing(parent is not null && RunDirectory.Existing(parent).Checkpoints == folder ? parent : folder);
    }

    /// <summary>Builds the classifier that a file holds; the caller disposes it.</summary>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <param name="device">The device that the parameters are loaded to.</param>
    /// <exception cref="UserErrorException">The file is absent, damaged, or not a classifier of ours; or the run is not finished.</exception>
    public static (Network Classifier, ModelOrigin Origin) Read(string path, IDevice device)
    {
        RequireFinished(path);
        path = PathOf(path);
        TensorFile file = SafeTensors.ReadConverting(path);
        if (CheckpointFile.IsCheckpoint(file))
        {
            (ModelOrigin trained, TensorFile tensors) = OfCheckpoint(path, file);
            return (Build(trained.Description, tensors, path, device, Remedy), trained);
        }
        return Refusing(path, Remedy, () =>
        {
            ModelOrigin origin = SavedModel.Origin(file);
            RequireOwnTypes(file);
            return (SavedModel.Build(origin.Description, file, device), origin);
        });
    }

    /// <summary>Reads the origin of a model without its parameters.</summary>
    /// <exception cref="UserErrorException">The file is absent, damaged, or not a classifier of ours.</exception>
    public static ModelOrigin ReadOrigin(string path)
    {
        (IReadOnlyDictionary<string, string> metadata, int tensors) = SafeTensors.ReadHeader(path);
        return Refusing(path, Remedy, () => SavedModel.Origin(metadata, tensors));
    }

    /// <summary>The origin recorded in a model's file.</summary>
    /// <exception cref="UserErrorException">Nothing, or nothing that can be.</exception>
    public static ModelOrigin Origin(TensorFile file, string path) => Refusing(path, Remedy, () => SavedModel.Origin(file));

    /// <summary>Builds a classifier of a file's tensors; the caller disposes it.</summary>
    /// <param name="description">The description of the classifier in the file.</param>
    /// <param name="file">Tensors by the names of the classifier's parameters; what has another name is left alone.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <param name="device">The device that the parameters are loaded to.</param>
    /// <param name="remedy">What to do if a tensor is missing or has another shape, for the message.</param>
    /// <exception cref="UserErrorException">A tensor is missing or has another shape.</exception>
    public static Network Build(ClassifierDescription description, TensorFile file, string path, IDevice device, string remedy) =>
        Refusing(path, remedy, () => SavedModel.Build(description, file, device));

    /// <summary>A folder whose training has not come to its end has no model yet, but may have checkpoints, of which it keeps the last few.</summary>
    private static void RequireFinished(string path)
    {
        RunDirectory run = File.Exists(RunDirectory.Existing(path).Config) ? RunDirectory.Existing(path) : RunOf(path);
        if (File.Exists(PathOf(path)) || !File.Exists(run.Config) || run.IsFinished)
        {
            return;
        }
        string state = $"the training in {run.Folder} {(RunLock.IsTaken(run.Folder) ? "is still running" : "was interrupted")}";
        string missing = Directory.Exists(path) ? $"has no {Name} yet" : $"{Path.GetFileName(path)} is not there (any more)";
        throw new UserErrorException(Checkpoints.Find(run) is [string newest, ..]
            ? $"{state}, and {missing}: give its newest checkpoint, {newest}"
            : $"{state}, and {missing}: there is no checkpoint yet, either");
    }

    private static (ModelOrigin Origin, TensorFile Tensors) OfCheckpoint(string path, TensorFile file)
    {
        CheckpointFile.Verify(path);
        RunDirectory run = RunOf(path);
        if (!File.Exists(run.Config))
        {
            throw new UserErrorException(
                $"{path} is a checkpoint, and its network is described in the run's config.json, which is not in {run.Folder}: "
                + "give it in the folder where its run wrote it");
        }
        RunConfiguration configuration = RunConfiguration.Read(run.Config);
        DatasetDescription images = Datasets.Describe(configuration.Options.Dataset);
        ModelOrigin origin = new(
            configuration.Options.Classifier(images.Shape, images.ClassNames.Count), configuration.Dataset, configuration.Options.Method,
            configuration.Options.Recipe.Epsilon);
        const string prefix = Learner.Classifier + ".";
        return (origin, file with
        {
            Tensors = [.. file.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })],
        });
    }

    /// <summary>Weights of other precision are converted once, by 'jarn import', and never on the quiet.</summary>
    private static void RequireOwnTypes(TensorFile file)
    {
        if (file.Tensors.FirstOrDefault(tensor => tensor.StoredAs != SafeTensorsHeader.Single) is NamedTensor other)
        {
            throw new InvalidDataException($"{other.Name} is of type {other.StoredAs}; 'jarn import' converts it to float32");
        }
    }

    private static T Refusing<T>(string path, string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"{path} cannot be read as a model ({exception.Message}): {remedy}", exception);
        }
    }
}
