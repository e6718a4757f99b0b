using System.Buffers.Binary;
using System.Text.Json;
using Jarn.Models;

namespace Jarn.Tests.Export;

/// <summary>Safetensors files as other programs write them.</summary>
internal static class ForeignTensors
{
    /// <summary>The numbers of a tensor as a type has them.</summary>
    public static byte[] Encode(string type, float[] values) => [.. values.SelectMany(value => type switch
    {
        "F16" => BitConverter.GetBytes((Half)value),
        // Truncated; PyTorch rounds.
        "BF16" => BitConverter.GetBytes(value)[2..],
        "F64" => BitConverter.GetBytes((double)value),
        "I64" => BitConverter.GetBytes((long)value),
        _ => BitConverter.GetBytes(value),
    })];

    /// <summary>A tensor's values after the way there and back.</summary>
    public static float Rounded(string type, float value) => type switch
    {
        "F16" => (float)(Half)value,
        "BF16" => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xffff0000),
        _ => value,
    };

    public static byte[] File(IReadOnlyList<(NamedTensor Tensor, string Type)> tensors)
    {
        Dictionary<string, object> header = [];
        List<byte> content = [];
        foreach ((NamedTensor tensor, string type) in tensors)
        {
            byte[] bytes = Encode(type, tensor.Values);
            header.Add(tensor.Name, new { dtype = type, shape = tensor.Shape, data_offsets = new[] { content.Count, content.Count + bytes.Length } });
            content.AddRange(bytes);
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. content];
    }
}
