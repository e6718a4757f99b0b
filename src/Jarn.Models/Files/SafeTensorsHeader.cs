using System.Text.Json;
using System.Text.Unicode;

namespace Jarn.Models;

/// <summary>One tensor in the header: its bytes are [Begin, Begin + ByteLength) of what follows the header.</summary>
internal sealed record TensorEntry(string Name, string Type, int[] Shape, long Begin, long ByteLength);

/// <summary>The JSON header of <see cref="SafeTensorsFormat"/>.</summary>
internal static class SafeTensorsHeader
{
    private const string MetadataKey = "__metadata__";

    /// <summary>The format's names of float32, float64, float16 and bfloat16.</summary>
    public const string Single = "F32", Double = "F64", Half = "F16", BFloat = "BF16";

    /// <summary>The format's types whose numbers are whole bytes, in bytes per number.</summary>
    public static IReadOnlyDictionary<string, int> Sizes { get; } = new (int Bytes, string[] Types)[]
    {
        (8, [Double, "I64", "U64", "C64"]),
        (4, [Single, "I32", "U32"]),
        (2, [Half, BFloat, "I16", "U16"]),
        (1, ["I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0"]),
    }.SelectMany(size => size.Types.Select(type => KeyValuePair.Create(type, size.Bytes))).ToDictionary();

    /// <summary>The types that Jarn writes, in bytes per number.</summary>
    public static IReadOnlyDictionary<string, int> OwnSizes { get; } = new[] { Single, Double }.ToDictionary(type => type, type => Sizes[type]);

    /// <summary>Whether numbers of a type can be read as float32.</summary>
    public static bool IsFloat(string type) => type is Single or Double or Half or BFloat;

    /// <summary>The entries of tensors of a type, one behind the other.</summary>
    /// <exception cref="ArgumentException">A shape has more elements than an array.</exception>
    public static List<TensorEntry> Layout(IEnumerable<(string Name, string Type, int[] Shape)> tensors)
    {
        List<TensorEntry> entries = [];
        long offset = 0;
        foreach ((string name, string type, int[] shape) in tensors)
        {
            long length = ByteLength(Sizes[type], shape) ?? throw new ArgumentException($"{name} has an impossible type or shape", nameof(tensors));
            entries.Add(new TensorEntry(name, type, shape, offset, length));
            offset += length;
        }
        return entries;
    }

    /// <summary>The header, padded with spaces so that the values begin at a multiple of 8 bytes.</summary>
    public static byte[] Encode(IReadOnlyList<TensorEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            HashSet<string> names = [MetadataKey];
            foreach (TensorEntry entry in entries)
            {
                if (!names.Add(entry.Name))
                {
                    throw new ArgumentException($"two tensors are named {entry.Name}, or one is named {MetadataKey}", nameof(entries));
                }
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type);
                WriteNumbers(json, "shape", entry.Shape.Select(length => (long)length));
                WriteNumbers(json, "data_offsets", [entry.Begin, entry.Begin + entry.ByteLength]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }
        return stream.ToArray();
    }

    /// <summary>The entries in the header's order, checked to tile [0, <paramref name="dataLength"/>) without overlap or gap.</summary>
    /// <exception cref="InvalidDataException">
    /// The header is malformed, or has a tensor of a type that is not among <paramref name="sizes"/>.
    /// </exception>
    public static List<TensorEntry> Decode(
        ReadOnlyMemory<byte> header, long dataLength, IReadOnlyDictionary<string, int> sizes, out Dictionary<string, string> metadata)
    {
        if (!Utf8.IsValid(header.Span))
        {
            throw new InvalidDataException("its header is not UTF-8");
        }
        metadata = [];
        List<TensorEntry> entries = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataKey))
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "");
                }
                else
                {
                    entries.Add(Entry(property, sizes));
                }
            }
        }
        // A value of the wrong kind and a lone surrogate come as InvalidOperation, a missing key as KeyNotFound, a number out of range as Format.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("its header is malformed", exception);
        }
        long offset = 0;
        foreach (TensorEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.ByteLength))
        {
            if (entry.Begin != offset)
            {
                throw new InvalidDataException($"{entry.Name} begins at byte {entry.Begin} and not at {offset}, where its predecessor ends");
            }
            offset += entry.ByteLength;
        }
        if (offset != dataLength)
        {
            throw new InvalidDataException($"its tensors fill {offset} bytes and it holds {dataLength}");
        }
        return entries;
    }

    private static TensorEntry Entry(JsonProperty property, IReadOnlyDictionary<string, int> sizes)
    {
        string? type = property.Value.GetProperty("dtype").GetString();
        if (type is null || !sizes.TryGetValue(type, out int size))
        {
            throw new InvalidDataException($"{property.Name} is of type {type}");
        }
        int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        long byteLength = ByteLength(size, shape) ?? throw new InvalidDataException($"{property.Name} has an impossible shape");
        if (offsets is not [>= 0 and long begin, long end] || end < begin || end - begin != byteLength)
        {
            throw new InvalidDataException($"{property.Name} has a byte range that does not fit its shape");
        }
        return new TensorEntry(property.Name, type, shape, begin, byteLength);
    }

    /// <summary>Null where no array holds so many elements.</summary>
    private static long? ByteLength(int size, int[] shape)
    {
        // In UInt128 no product of a checked prefix and one more int overflows.
        UInt128 elements = 1;
        foreach (int length in shape)
        {
            if (length < 0 || (elements *= (uint)length) > (UInt128)Array.MaxLength)
            {
                return null;
            }
        }
        return (long)elements * size;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }
}
