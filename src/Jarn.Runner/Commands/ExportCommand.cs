using System.Globalization;
using System.Text.Json;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn export</c>: writes a saved classifier as an ONNX or safetensors file.</summary>
public static class ExportCommand
{
    private const int LargestBatch = 1024;

    private const string Onnx = ".onnx", SafeTensors = ".safetensors";

    public static int Run(ExportOptions options)
    {
        string output = OptionValue.NewFile("--output", options.Output, options.Format is null ? [Onnx, SafeTensors]
            : OptionValue.Choice("--format", options.Format, "onnx", "safetensors") ? [Onnx] : [SafeTensors]);
        bool isOnnx = output.EndsWith(Onnx, StringComparison.OrdinalIgnoreCase);
        if (!isOnnx && (options.Layout ?? options.Batch ?? (options.Softmax ? "" : null)) is not null)
        {
            throw new UserErrorException("--layout, --batch and --softmax are for ONNX models: leave them out, or name a file that ends in .onnx");
        }
        OnnxInterface shape = new(
            options.Layout is null ? ImageLayout.Nchw : OptionValue.Named<ImageLayout>("--layout", options.Layout), Batch(options.Batch),
            options.Softmax);
        // The sums themselves: the comparison is to be as sharp as float32 allows.
        using CpuDevice device = new(winograd: false);
        (Network read, ModelOrigin origin) = ModelFile.Read(options.Checkpoint, device);
        using Network classifier = read;
        if (isOnnx)
        {
            WriteOnnx(output, classifier, origin, shape, device);
        }
        else
        {
            ModelFile.Write(output, classifier, origin);
            Console.WriteLine(
                $"{output}: {classifier.State.Count()} tensors of {origin.Description.Network.Title}; docs/checkpoint-format.md describes them");
        }
        return 0;
    }

    private static int? Batch(string? text) => text is null or "dynamic" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) ? OptionValue.Within("--batch", batch, 1, LargestBatch)
        : throw new UserErrorException($"--batch is {text}: give dynamic or a number from 1 to {LargestBatch}");

    private static void WriteOnnx(string output, Network classifier, ModelOrigin origin, OnnxInterface shape, CpuDevice device)
    {
        ImageShape image = origin.Description.Image;
        byte[] model = OnnxModel.Encode(classifier, image, shape, new Dictionary<string, string>
        {
            ["dataset"] = origin.Dataset,
            ["method"] = origin.Method,
            ["epsilon"] = origin.Epsilon.ToString(CultureInfo.InvariantCulture),
            ["class_names"] = JsonSerializer.Serialize(Datasets.ClassNamesOf(origin.Dataset, origin.Description.Classes), JsonFile.Options),
            ["jarn_version"] = Versions.Current.Jarn,
        });
        OnnxComparison comparison = OnnxComparison.Of(model, classifier, device, image, shape);
        string figures = string.Create(CultureInfo.InvariantCulture,
            $"on {comparison.Images} images the largest difference is {comparison.Difference:0.0e+0}, with outputs up to {comparison.Scale:0.###}");
        if (!comparison.Agrees)
        {
            throw new UserErrorException(
                $"{output} was not written, because ONNX Runtime computes other outputs than Jarn ({figures}): give --format safetensors");
        }
        AtomicFile.Write(output, stream => stream.Write(model));
        Console.WriteLine($"{output}: {origin.Description.Network.Title}, {model.Length / 1e6:0.0} MB; "
            + $"checked against ONNX Runtime {OnnxComparison.Runtime}: {figures}");
    }
}
