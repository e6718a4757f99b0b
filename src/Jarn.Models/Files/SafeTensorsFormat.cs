using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Jarn.Models;

/// <summary>
/// The safetensors format (github.com/huggingface/safetensors): the length of a JSON header in eight little-endian bytes, the header,
/// which gives every tensor's type, shape and byte range, and the values. Our own models are float32 (F32) throughout.
/// </summary>
public static class SafeTensorsFormat
{
    /// <summary>The format's own limit on the header, in bytes.</summary>
    public const int MaximumHeaderLength = 100_000_000;

    private const string BatchCounter = "num_batches_tracked";

    /// <summary>Writes tensors in the order given and metadata by key: the same content gives the same bytes.</summary>
    /// <exception cref="ArgumentException">
    /// Two tensors bear one name, or one has not as many values as its shape says; nothing is written.
    /// </exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        List<TensorEntry> entries = SafeTensorsHeader.Layout(tensors.Select(tensor => (tensor.Name, SafeTensorsHeader.Single, tensor.Shape)));
        foreach ((TensorEntry entry, NamedTensor tensor) in entries.Zip(tensors))
        {
            if (entry.ByteLength != (long)tensor.Values.Length * sizeof(float))
            {
                throw new ArgumentException($"{tensor.Name}: {tensor.Values.Length} values for [{string.Join(", ", tensor.Shape)}]", nameof(tensors));
            }
        }
        WriteHeader(stream, entries, metadata);
        foreach (NamedTensor tensor in tensors)
        {
            WriteValues<float>(stream, tensor.Values);
        }
    }

    /// <summary>Reads a file, believing nothing that it says about lengths before the file's own length bears it out.</summary>
    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <exception cref="InvalidDataException">The stream is not a well-formed safetensors file of float32.</exception>
    public static TensorFile Read(Stream stream)
    {
        List<TensorEntry> entries = ReadHeader(stream, out Dictionary<string, string> metadata);
        return entries.Find(entry => entry.Type != SafeTensorsHeader.Single) is TensorEntry other
            ? throw new InvalidDataException($"{other.Name} is of type {other.Type}")
            : new TensorFile(Values(stream, entries), metadata);
    }

    /// <summary>
    /// Reads a file of foreign make: BF16, F16 and F64 become float32, and PyTorch's integer counters <c>num_batches_tracked</c>, which no network of
    /// ours needs, are left out.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    /// <exception cref="InvalidDataException">
    /// The stream is not a well-formed safetensors file, or holds a tensor that is not floating-point.
    /// </exception>
    public static TensorFile ReadConverting(Stream stream)
    {
        List<TensorEntry> entries = ReadHeader(stream, out Dictionary<string, string> metadata, SafeTensorsHeader.Sizes);
        ILookup<bool, TensorEntry> byUse = entries.ToLookup(
            entry => !SafeTensorsHeader.IsFloat(entry.Type) && entry.Name.EndsWith(BatchCounter, StringComparison.Ordinal));
        return byUse[false].FirstOrDefault(entry => !SafeTensorsHeader.IsFloat(entry.Type)) is TensorEntry other
            ? throw new InvalidDataException($"{other.Name} is of type {other.Type}, where F32, F64, F16 or BF16 is needed")
            : new TensorFile(Values(stream, byUse[false]), metadata) { Ignored = [.. byUse[true].Select(entry => entry.Name)] };
    }

    private static List<NamedTensor> Values(Stream stream, IEnumerable<TensorEntry> entries)
    {
        long start = stream.Position;
        List<NamedTensor> tensors = [];
        foreach (TensorEntry entry in entries)
        {
            stream.Position = start + entry.Begin;
            float[] values = entry.Type switch
            {
                SafeTensorsHeader.Double => Array.ConvertAll(Values<double>(stream, entry), value => (float)value),
                SafeTensorsHeader.Half => Array.ConvertAll(Values<Half>(stream, entry), value => (float)value),
                // The upper half of a float32.
                SafeTensorsHeader.BFloat =>
                    Array.ConvertAll(Values<ushort>(stream, entry), value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
                _ => Values<float>(stream, entry),
            };
            tensors.Add(new NamedTensor(entry.Name, entry.Shape, values) { StoredAs = entry.Type });
        }
        return tensors;
    }

    private static T[] Values<T>(Stream stream, TensorEntry entry) where T : unmanaged
    {
        T[] values = new T[entry.ByteLength / SafeTensorsHeader.Sizes[entry.Type]];
        ReadValues<T>(stream, values);
        return values;
    }

    internal static void WriteHeader(Stream stream, IReadOnlyList<TensorEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        byte[] header = SafeTensorsHeader.Encode(entries, metadata);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    /// <summary>Reads the entries and the metadata, and leaves the stream where the values begin.</summary>
    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <param name="metadata">Receives the strings under <c>__metadata__</c>.</param>
    /// <param name="sizes">The types that are read, in bytes per number; null for those that we write.</param>
    /// <exception cref="InvalidDataException">The header is malformed, or has a tensor of another type.</exception>
    internal static List<TensorEntry> ReadHeader(
        Stream stream, out Dictionary<string, string> metadata, IReadOnlyDictionary<string, int>? sizes = null)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw new InvalidDataException("it is shorter than 8 bytes");
        }
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long rest = stream.Length - prefix.Length;
        if (headerLength > (ulong)rest || headerLength > MaximumHeaderLength)
        {
            throw new InvalidDataException($"its header claims {headerLength} bytes, and {rest} follow");
        }
        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        return SafeTensorsHeader.Decode(header, rest - header.Length, sizes ?? SafeTensorsHeader.OwnSizes, out metadata);
    }

    /// <summary>Writes numbers little-endian, as the format has them.</summary>
    internal static void WriteValues<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        T[] swapped = [.. values];
        SwapBytes<T>(swapped);
        stream.Write(MemoryMarshal.AsBytes<T>(swapped));
    }

    /// <summary>Reads what <see cref="WriteValues"/> wrote.</summary>
    internal static void ReadValues<T>(Stream stream, Span<T> values) where T : unmanaged
    {
        stream.ReadExactly(MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
        {
            SwapBytes(values);
        }
    }

    private static void SwapBytes<T>(Span<T> values) where T : unmanaged
    {
        foreach (ref T value in values)
        {
            MemoryMarshal.AsBytes(new Span<T>(ref value)).Reverse();
        }
    }
}
