using System.Reflection;
using Google.Protobuf;
using Jarn.Kernels;
using Jarn.Models.Onnx;

namespace Jarn.Models;

/// <summary>The order of an image's values in memory.</summary>
public enum ImageLayout
{
    /// <summary>Batch, channels, height, width.</summary>
    Nchw,

    /// <summary>Batch, height, width, channels.</summary>
    Nhwc,
}

/// <summary>The input and output format of an ONNX model.</summary>
/// <param name="Layout">The order of an input image's dimensions.</param>
/// <param name="Batch">The number of images per call; null for any number.</param>
/// <param name="Softmax">Whether the model returns probabilities instead of logits.</param>
public sealed record OnnxInterface(ImageLayout Layout, int? Batch, bool Softmax);

/// <summary>A network in ONNX's format, for inference: pixels in [0, 1] to a row an image.</summary>
public static class OnnxModel
{
    /// <summary>The name of the model's input.</summary>
    public const string Images = "images";

    /// <summary>The operator set of ONNX 1.12, and the version of the format that came with it.</summary>
    private const int OperatorSet = 17, FormatVersion = 8;

    /// <summary>A Protobuf message ends at 2³¹ bytes; what is not weights takes far less than what this leaves.</summary>
    private const long MostWeightBytes = int.MaxValue - (16L << 20);

    /// <summary>The name of the model's output.</summary>
    public static string OutputName(OnnxInterface shape) => shape.Softmax ? "probabilities" : "logits";

    /// <summary>Encodes a network as an ONNX file.</summary>
    /// <param name="image">The shape of one input image.</param>
    /// <param name="metadata">Kept in the file as metadata properties.</param>
    /// <exception cref="OnnxException">The network is too large for the format, or it can't be expressed in ONNX.</exception>
    public static byte[] Encode(Network network, ImageShape image, OnnxInterface shape, IReadOnlyDictionary<string, string> metadata)
    {
        IExportable steps = network as IExportable
            ?? throw new OnnxException($"a {network.GetType().Name} can't be written as ONNX, because it is not exportable");
        RequireRoom(network.State.Sum(parameter => (long)parameter.Value.Length * sizeof(float)));
        GraphProto graph = new() { Name = network.GetType().Name };
        int[] extents = shape.Layout == ImageLayout.Nchw ? [image.Channels, image.Height, image.Width] : [image.Height, image.Width, image.Channels];
        graph.Input.Add(Value(Images, $"{shape.Layout.ToString().ToUpperInvariant()}, pixels in [0, 1]", shape.Batch, extents));
        GraphWriter writer = new(graph);
        string input = shape.Layout == ImageLayout.Nchw
            ? Images
            : writer.Node("Transpose", "channels_first", [Images], GraphWriter.Attribute("perm", 0, 3, 1, 2));
        OnnxValue logits = steps.Interpret(new OnnxInterpreter(writer), new OnnxValue(input, image.Height, image.Width, image.Channels));
        // A graph's output bears a name of its own; Softmax and Identity make one.
        string output = shape.Softmax
            ? writer.Node("Softmax", OutputName(shape), [logits.Name], GraphWriter.Attribute("axis", 1))
            : writer.Node("Identity", OutputName(shape), [logits.Name]);
        graph.Output.Add(Value(output, shape.Softmax ? "a probability a class" : "a logit a class", shape.Batch, [logits.Channels]));
        return new ModelProto
        {
            IrVersion = FormatVersion,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
            ProducerName = "jarn",
            ProducerVersion = typeof(OnnxModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Graph = graph,
            MetadataProps = { metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }) },
        }.ToByteArray();
    }

    /// <summary>Checks that the format can hold a network.</summary>
    /// <param name="weightBytes">The size of all the network's parameters and running statistics.</param>
    /// <exception cref="OnnxException">The network is too large.</exception>
    public static void RequireRoom(long weightBytes)
    {
        if (weightBytes > MostWeightBytes)
        {
            throw new OnnxException($"a network of {weightBytes} bytes is too large for an ONNX file, which ends at 2 GiB");
        }
    }

    private static ValueInfoProto Value(string name, string meaning, int? batch, int[] extents)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(batch is int count ? new TensorShapeProto.Types.Dimension { DimValue = count }
            : new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.AddRange(extents.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = name, DocString = meaning, Type = new TypeProto { TensorType = tensor } };
    }
}

/// <summary>
/// Thrown if a network can't be expressed as an ONNX model, or the model can't be verified. The message is a sentence without its full stop.
/// </summary>
public sealed class OnnxException(string sentence, Exception? cause = null) : Exception(sentence, cause);
