using Jarn.Models.Onnx;

namespace Jarn.Models;

/// <summary>Puts nodes and constants into a graph, in an order in which they can be computed. Each node makes one value and bears its name.</summary>
internal sealed class GraphWriter(GraphProto graph)
{
    private readonly HashSet<string> _names = [.. graph.Input.Select(input => input.Name)];

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator's name in ONNX, such as Gemm.</param>
    /// <param name="name">The node's name. If it is taken, a number is appended.</param>
    /// <param name="inputs">The names of the values that the node reads.</param>
    /// <returns>The name of the node's output.</returns>
    public string Node(string operation, string name, string[] inputs, params AttributeProto[] attributes)
    {
        string output = Unused(name);
        graph.Node.Add(new NodeProto { Name = output, OpType = operation, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    public string Constant(string name, float[] values, params int[] shape)
    {
        TensorProto tensor = new() { Name = Unused(name), DataType = (int)TensorProto.Types.DataType.Float, Dims = { Long(shape) } };
        tensor.FloatData.AddRange(values);
        return Add(tensor);
    }

    public string Constant(string name, params int[] values) => Add(
        new TensorProto
        {
            Name = Unused(name),
            DataType = (int)TensorProto.Types.DataType.Int64,
            Dims = { values.Length },
            Int64Data = { Long(values) },
        });

    public static AttributeProto Attribute(string name, double value) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Float,
        F = (float)value,
    };

    public static AttributeProto Attribute(string name, int value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, params int[] values) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Ints,
        Ints = { Long(values) },
    };

    private static IEnumerable<long> Long(int[] values) => values.Select(value => (long)value);

    private string Add(TensorProto tensor)
    {
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Unused(string name)
    {
        string candidate = name;
        for (int n = 2; !_names.Add(candidate); n++)
        {
            candidate = $"{name}_{n}";
        }
        return candidate;
    }
}
