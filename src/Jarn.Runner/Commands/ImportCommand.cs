using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn import</c>: a classifier trained elsewhere, where a run would have left it.</summary>
public static class ImportCommand
{
    /// <summary>Instead of the name of a training method.</summary>
    public const string Method = "imported";

    private const int LargestWidth = 1000, LargestDepth = 10_000;

    private const string Remedy = "see docs/checkpoint-format.md for names and shapes, and give --network, --dataset, --width, --depth and --activation as it was built";

    public static int Run(ImportOptions options)
    {
        ModelOrigin? described = options.Network is null ? null : Describe(options, options.Network);
        TensorFile file = SafeTensors.Read(options.Input);
        RequireNumbers(file, options.Input);
        bool saysItself = SavedModel.SaysWhatItHolds(file);
        if (!saysItself && described is null)
        {
            throw new UserErrorException($"{options.Input} does not say which network it holds: give --network mnist-cnn or wide-resnet, and --dataset");
        }
        if (saysItself && IsDescribed(options))
        {
            throw new UserErrorException($"{options.Input} says itself which network it holds: give --input and --output alone");
        }
        using CpuDevice device = new();
        (Network read, ModelOrigin origin) = described is null
            ? ModelFile.Read(options.Input, device)
            : (ModelFile.Build(described.Description, file, options.Input, device, Remedy), described);
        using Network classifier = read;
        RequireNoOther(classifier, file, options.Input);
        RunDirectory directory = RunDirectory.Create(options.Output, origin.Dataset, origin.Method, DateTime.Now);
        ModelFile.Write(directory.Model, classifier, origin);
        Console.WriteLine($"{directory.Model}: {origin.Description.Kind}, {classifier.ParameterCount} parameters; next: jarn evaluate --checkpoint {directory.Folder}");
        return 0;
    }

    private static bool IsDescribed(ImportOptions options) =>
        (options.Network ?? options.Dataset ?? options.InputNormalization ?? options.Activation ?? options.Epsilon) is not null || (options.Width ?? options.Depth ?? options.InputScale) is not null;

    private static ModelOrigin Describe(ImportOptions options, string network)
    {
        ClassifierKind kind = OptionValue.Choice("--network", network, "mnist-cnn", "wide-resnet") ? ClassifierKind.MnistCnn : ClassifierKind.WideResNet;
        DatasetSource source = DatasetSource.Named(options.Dataset ?? throw new UserErrorException($"--network lacks its images: give --dataset {DatasetSource.Names}"));
        ImageShape image = source.Shape;
        if ((kind == ClassifierKind.MnistCnn) != (image.Channels == 1))
        {
            throw new UserErrorException($"{network} is no network for {source.Title}'s images of {image}: give another --dataset or --network");
        }
        Recipe paper = Presets.Recipe(Preset.Paper, source.Name);
        int depth = OptionValue.Within("--depth", OptionValue.Depth("--depth", options.Depth ?? paper.Depth), 0, LargestDepth);
        InputTransform input = new(
            OptionValue.Within("--input-scale", options.InputScale ?? 1, double.Epsilon, byte.MaxValue),
            OptionValue.Choice("--input-normalization", options.InputNormalization ?? "none", "l2", "none"));
        return new ModelOrigin(
            new ClassifierDescription(
                kind, image.Height, image.Width, image.Channels, source.ClassNames.Count, input,
                OptionValue.Within("--width", options.Width ?? paper.Width, 1, LargestWidth), depth,
                options.Activation is null ? null : OptionValue.OneOf("--activation", options.Activation, Activations.OfClassifiers)),
            source.Name, Method, options.Epsilon is null ? paper.Epsilon : OptionValue.Epsilon("--epsilon", options.Epsilon));
    }

    private static void RequireNumbers(TensorFile file, string path)
    {
        foreach (NamedTensor tensor in file.Tensors)
        {
            bool isVariance = tensor.Name.EndsWith("running_variance", StringComparison.Ordinal);
            if (Array.FindIndex(tensor.Values, value => !float.IsFinite(value) || (isVariance && value < 0)) is int bad and >= 0)
            {
                throw new UserErrorException($"{path} holds {tensor.Values[bad]} in {tensor.Name}, place {bad}, where a {(isVariance ? "variance" : "number")} is needed");
            }
        }
    }

    /// <summary>What nobody asked for may be what makes it another network.</summary>
    private static void RequireNoOther(Network classifier, TensorFile file, string path)
    {
        if (file.Tensors.Select(tensor => tensor.Name).Except(classifier.State.Select(parameter => parameter.Name)).FirstOrDefault() is string other)
        {
            throw new UserErrorException($"{path} holds {other}, which this network does not have: {Remedy}");
        }
    }
}
