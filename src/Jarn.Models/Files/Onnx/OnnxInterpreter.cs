using Jarn.Kernels;
using Jarn.Models.Onnx;

namespace Jarn.Models;

/// <summary>A value of an ONNX graph: N×C×H×W, or N×C with an extent of 1×1.</summary>
/// <param name="Name">The value's name in the graph.</param>
/// <param name="Channels">The number of channels C, or of features.</param>
internal sealed record OnnxValue(string Name, int Height, int Width, int Channels);

/// <summary>
/// Writes a network's steps down as ONNX operators, for inference: batch norm by its running statistics. ONNX convolves N×C×H×W only, and that
/// is the order of activations and filters here, whatever the order of the images.
/// </summary>
internal sealed class OnnxInterpreter(GraphWriter graph) : INetworkInterpreter<OnnxValue>
{
    public OnnxValue Transform(InputTransform transform, OnnxValue x)
    {
        string name = x.Name;
        if (transform.Scale != 1)
        {
            name = graph.Node("Mul", "input.scaled", [name, graph.Constant("input.scale", [(float)transform.Scale])]);
        }
        if (transform.CenterAndNormalize)
        {
            AttributeProto perSample = GraphWriter.Attribute("axes", 1, 2, 3);
            string centred = graph.Node("Sub", "input.centred", [name, graph.Node("ReduceMean", "input.mean", [name], perSample)]);
            string norm = graph.Node("ReduceL2", "input.norm", [centred], perSample);
            string smallest = graph.Constant("input.smallest_norm", [(float)InputTransform.SmallestNorm]);
            name = graph.Node("Div", "input.normalized", [centred, graph.Node("Max", "input.divisor", [norm, smallest])]);
        }
        return x with { Name = name };
    }

    public OnnxValue Convolve(ConvolutionLayer layer, OnnxValue x)
    {
        Shape filter = layer.Weight.Value.Shape;
        ConvolutionGeometry geometry = ConvolutionGeometry.Same(new Shape(1, x.Height, x.Width, x.Channels), filter, layer.Stride);
        string weight = graph.Constant(
            layer.Weight.Name, OutputsFirst(layer.Weight.Value.ToArray(), filter), filter[3], filter[2], filter[0], filter[1]);
        string[] inputs = layer.Bias is Parameter bias ? [x.Name, weight, Vector(bias)] : [x.Name, weight];
        string convolved = graph.Node(
            "Conv", LayerName(layer.Weight), inputs,
            GraphWriter.Attribute("kernel_shape", filter[0], filter[1]),
            GraphWriter.Attribute("pads", geometry.PadTop, geometry.PadLeft, geometry.PadBottom, geometry.PadRight),
            GraphWriter.Attribute("strides", layer.Stride, layer.Stride));
        return new OnnxValue(Activate(layer.Activation, convolved), geometry.OutputHeight, geometry.OutputWidth, geometry.OutputChannels);
    }

    public OnnxValue Normalize(BatchNormLayer layer, OnnxValue x)
    {
        string normalized = graph.Node(
            "BatchNormalization", LayerName(layer.Gamma),
            [x.Name, Vector(layer.Gamma), Vector(layer.Beta), Vector(layer.RunningMean), Vector(layer.RunningVariance)],
            GraphWriter.Attribute("epsilon", BatchNormLayer.Epsilon));
        return x with { Name = Activate(layer.Activation, normalized) };
    }

    public OnnxValue Connect(LinearLayer layer, OnnxValue x)
    {
        Shape shape = layer.Weight.Value.Shape;
        string weight = graph.Constant(layer.Weight.Name, layer.Weight.Value.ToArray(), shape[0], shape[1]);
        return new OnnxValue(graph.Node("Gemm", LayerName(layer.Weight), [x.Name, weight, Vector(layer.Bias)]), 1, 1, shape[1]);
    }

    public OnnxValue Add(OnnxValue x, OnnxValue y) => x with { Name = graph.Node("Add", "sum", [x.Name, y.Name]) };

    public OnnxValue Activate(OnnxValue x, Activation activation) => x with { Name = Activate(activation, x.Name) };

    public OnnxValue AveragePool(OnnxValue x, int window) => new(
        graph.Node(
            "AveragePool", "pool", [x.Name], GraphWriter.Attribute("kernel_shape", window, window), GraphWriter.Attribute("strides", window, window)),
        x.Height / window, x.Width / window, x.Channels);

    public OnnxValue PadChannels(OnnxValue x, int before, int after) => x with
    {
        Name = graph.Node("Pad", "pad", [x.Name, graph.Constant("pad.extents", 0, before, 0, 0, 0, after, 0, 0)]),
        Channels = before + x.Channels + after,
    };

    public OnnxValue MeanPixel(OnnxValue x) => Flat(graph.Node("GlobalAveragePool", "mean", [x.Name]), x.Channels);

    /// <summary>Ours runs through the channels of a pixel first: where there are several pixels the order is not ONNX's.</summary>
    public OnnxValue Flatten(OnnxValue x) => Flat(
        x.Height * x.Width == 1 ? x.Name : graph.Node("Transpose", "channels_last", [x.Name], GraphWriter.Attribute("perm", 0, 2, 3, 1)),
        x.Height * x.Width * x.Channels);

    private string Activate(Activation activation, string x) => activation switch
    {
        Activation.None => x,
        Activation.Relu => graph.Node("Relu", $"{x}.relu", [x]),
        Activation.LeakyRelu => graph.Node("LeakyRelu", $"{x}.leaky_relu", [x], GraphWriter.Attribute("alpha", Activations.LeakySlope)),
        Activation.Silu => graph.Node("Mul", $"{x}.silu", [x, graph.Node("Sigmoid", $"{x}.sigmoid", [x])]),
        Activation.Softplus =>
            Scaled(graph.Node("Softplus", $"{x}.softplus", [Scaled(x, Activations.SoftplusSharpness)]), 1 / Activations.SoftplusSharpness),
        _ => throw new InvalidOperationException($"no network that is exported has a {activation}"),
    };

    private string Scaled(string x, double factor) => graph.Node("Mul", $"{x}.scaled", [x, graph.Constant($"{x}.scale", [(float)factor])]);

    private OnnxValue Flat(string name, int features) => new(graph.Node("Flatten", "flat", [name], GraphWriter.Attribute("axis", 1)), 1, 1, features);

    private string Vector(Parameter parameter) => graph.Constant(parameter.Name, parameter.Value.ToArray(), parameter.Value.Length);

    private static string LayerName(Parameter parameter) => parameter.Name[..parameter.Name.LastIndexOf('.')];

    /// <summary>[kh, kw, in, out] → [out, in, kh, kw]</summary>
    private static float[] OutputsFirst(float[] filter, Shape shape)
    {
        (int taps, int inputs, int outputs) = (shape[0] * shape[1], shape[2], shape[3]);
        float[] reordered = new float[filter.Length];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    reordered[(((output * inputs) + input) * taps) + tap] = filter[(((tap * inputs) + input) * outputs) + output];
                }
            }
        }
        return reordered;
    }
}
