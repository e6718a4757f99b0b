using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn import</c>: stores a classifier that was trained elsewhere in the same place as a run's.</summary>
public static class ImportCommand
{
    /// <summary>Instead of the name of a training method.</summary>
    public const string Method = "imported";

    private const string Remedy =
        "docs/checkpoint-format.md lists names and shapes, and --network, --dataset and the network options must be those that it was built with";

    private const string FileRemedy = "give a safetensors file with the tensors that docs/checkpoint-format.md lists";

    public static int Run(ImportOptions options)
    {
        ModelOrigin? described = options.Network is null ? null : Describe(options, options.Network);
        TensorFile file = SafeTensors.ReadConverting(options.Input, FileRemedy);
        if (CheckpointFile.IsCheckpoint(file))
        {
            throw new UserErrorException(
                $"{options.Input} is a checkpoint that Jarn wrote: give it to 'jarn evaluate --checkpoint' in the folder where it is, "
                + "or make a model of it with 'jarn export --format safetensors'");
        }
        RequireNumbers(file, options.Input);
        bool saysItself = SavedModel.SaysWhatItHolds(file);
        if (!saysItself && described is null)
        {
            throw new UserErrorException($"{options.Input} does not say which network it is for: "
                + $"give --network {string.Join(" or ", NetworkDefinition.List.Names)}, and --dataset");
        }
        if (saysItself && IsDescribed(options))
        {
            throw new UserErrorException($"{options.Input} says itself which network it is for: give only --input and --output");
        }
        using CpuDevice device = new();
        ModelOrigin origin = described ?? ModelFile.Origin(file, options.Input);
        using Network classifier = ModelFile.Build(origin.Description, file, options.Input, device, Remedy);
        RequireNoOther(classifier, file, options.Input);
        using RunDirectory directory = RunDirectory.Create(options.Output, origin.Dataset, origin.Method, DateTime.Now);
        ModelFile.Write(directory.Model, classifier, origin);
        directory.Finish();
        NoteChanges(file);
        Console.WriteLine($"{directory.Model}: {origin.Description.Network.Title}, {classifier.ParameterCount} parameters; next: "
            + $"jarn evaluate --checkpoint {directory.Folder}");
        return 0;
    }

    /// <summary>Says what of the file was not taken as it is.</summary>
    private static void NoteChanges(TensorFile file)
    {
        foreach ((string type, int count) in file.Tensors.CountBy(tensor => tensor.StoredAs).Where(pair => pair.Key != SafeTensorsHeader.Single))
        {
            Console.Error.WriteLine($"Note: {count} {(count == 1 ? "tensor" : "tensors")} of type {type} converted to float32.");
        }
        if (file.Ignored.Count > 0)
        {
            Console.Error.WriteLine($"Note: num_batches_tracked was ignored ({file.Ignored.Count} times); the classifier doesn't use it.");
        }
    }

    private static bool IsDescribed(ImportOptions options) =>
        (options.Network ?? options.Dataset ?? options.InputNormalization ?? options.Epsilon) is not null || options.InputScale is not null
            || options.Settings.Count > 0;

    private static ModelOrigin Describe(ImportOptions options, string network)
    {
        NetworkDefinition definition = TrainingConfiguration.KnownNetwork(network);
        IDatasetProvider source = Datasets.Named(options.Dataset
            ?? throw new UserErrorException($"--network needs --dataset: give the data set it was trained on, {Datasets.Names}"));
        (ImageShape image, IReadOnlyList<string> classes) = Datasets.Describe(source.Name);
        // The preset of the paper, for what the options leave out.
        Recipe paper = TrainingConfiguration.PresetRecipe(Preset.Paper, source.Name, StandardTraining.Definition.Name, network);
        InputTransform input = new(
            OptionValue.Within("--input-scale", options.InputScale ?? 1, double.Epsilon, byte.MaxValue),
            OptionValue.Choice("--input-normalization", options.InputNormalization ?? "none", "l2", "none"));
        return new ModelOrigin(
            new ClassifierDescription(((NetworkSettings)definition.Defaults.With(options.Settings)).Checked(), image, classes.Count, input),
            source.Name, Method, options.Epsilon is null ? paper.Epsilon : OptionValue.Epsilon("--epsilon", options.Epsilon));
    }

    private static void RequireNumbers(TensorFile file, string path)
    {
        foreach (NamedTensor tensor in file.Tensors)
        {
            bool isVariance = tensor.Name.EndsWith("running_variance", StringComparison.Ordinal);
            if (Array.FindIndex(tensor.Values, value => !float.IsFinite(value) || (isVariance && value < 0)) is int bad and >= 0)
            {
                throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                    $"{path} cannot be imported: {tensor.Name}[{bad}] is {tensor.Values[bad]}, "
                    + $"and must be a finite number{(isVariance ? " of at least 0" : "")}"));
            }
        }
    }

    /// <summary>An unknown tensor may be what makes it another network.</summary>
    private static void RequireNoOther(Network classifier, TensorFile file, string path)
    {
        if (file.Tensors.Select(tensor => tensor.Name).Except(classifier.State.Select(parameter => parameter.Name)).FirstOrDefault() is string other)
        {
            throw new UserErrorException($"{path} has a tensor {other}, which this network does not have: {Remedy}");
        }
    }
}
