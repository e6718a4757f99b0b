using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Jarn.Runner.Data;

/// <summary>The number formats in a MAT-file.</summary>
public enum MatStorage
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
}

/// <summary>A numeric array of a MAT-file.</summary>
/// <param name="Dimensions">The extents; at least two.</param>
/// <param name="Storage">How the numbers are stored, which may be narrower than the array's class.</param>
/// <param name="Bytes">The numbers, little-endian, the first index running fastest.</param>
public sealed record MatArray(IReadOnlyList<int> Dimensions, MatStorage Storage, byte[] Bytes)
{
    public int Count => Bytes.Length / SizeOf(Storage);

    /// <summary>The number at a linear index; whole ones beyond 2⁵³ are rounded.</summary>
    public double this[int index]
    {
        get
        {
            ReadOnlySpan<byte> number = Bytes.AsSpan(index * SizeOf(Storage));
            return Storage switch
            {
                MatStorage.Int8 => (sbyte)number[0],
                MatStorage.UInt8 => number[0],
                MatStorage.Int16 => BinaryPrimitives.ReadInt16LittleEndian(number),
                MatStorage.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(number),
                MatStorage.Int32 => BinaryPrimitives.ReadInt32LittleEndian(number),
                MatStorage.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(number),
                MatStorage.Single => BinaryPrimitives.ReadSingleLittleEndian(number),
                MatStorage.Double => BinaryPrimitives.ReadDoubleLittleEndian(number),
                MatStorage.Int64 => BinaryPrimitives.ReadInt64LittleEndian(number),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(number),
            };
        }
    }

    /// <summary>The size of one number in bytes.</summary>
    public static int SizeOf(MatStorage storage) => storage switch
    {
        MatStorage.Int8 or MatStorage.UInt8 => 1,
        MatStorage.Int16 or MatStorage.UInt16 => 2,
        MatStorage.Int32 or MatStorage.UInt32 or MatStorage.Single => 4,
        _ => 8,
    };
}

/// <summary>
/// Numeric arrays of level 5 MAT-files (The MathWorks: MAT-File Format), little-endian, compressed or not: what MATLAB's save -v6 and
/// -v7 and SciPy's savemat write.
/// </summary>
public static class MatFile
{
    private const int HeaderLength = 128;
    private const int Matrix = 14, Compressed = 15;
    private const int SmallestNumericClass = 6, LargestNumericClass = 15;
    private const int MaximumNameLength = 255, MaximumRank = 32;

    /// <param name="file">At its beginning; read to its end.</param>
    /// <param name="names">The names of the arrays to read; others are skipped.</param>
    /// <returns>The arrays that were found, by name.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is not a MAT-file, is damaged or truncated, or has a wanted array twice or with complex numbers.
    /// </exception>
    public static IReadOnlyDictionary<string, MatArray> Read(UntrustedStream file, IReadOnlyCollection<string> names)
    {
        CheckHeader(file);
        Dictionary<string, MatArray> arrays = [];
        Span<byte> tag = stackalloc byte[8];
        while (file.ReadAtLeast(tag, tag.Length, throwOnEndOfStream: false) is int read and > 0)
        {
            if (read < tag.Length)
            {
                throw new EndOfStreamException();
            }
            (int type, long length) = (BinaryPrimitives.ReadInt32LittleEndian(tag), BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]));
            using UntrustedStream element = file.Section(length);
            if (type == Matrix)
            {
                ReadMatrix(element, names, arrays);
            }
            else if (type == Compressed)
            {
                ReadCompressed(element, names, arrays);
            }
            else
            {
                throw new InvalidDataException($"it holds an element of type {type} where arrays belong");
            }
            element.SkipRest();
        }
        return arrays;
    }

    private static void CheckHeader(UntrustedStream file)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        file.ReadExactly(header);
        // Version 1.0 and the characters MI, which a little-endian machine writes as IM.
        if (!header[124..].SequenceEqual("\0\u0001IM"u8))
        {
            throw new InvalidDataException(
                header[124..].SequenceEqual("\0\u0002IM"u8) ? "it is in MATLAB's format 7.3, HDF5: save it with -v7"
                : header[124..].SequenceEqual("\u0001\0MI"u8) ? "it is big-endian: save it on another machine"
                : "it is not a MAT-file of level 5");
        }
    }

    private static void ReadCompressed(UntrustedStream element, IReadOnlyCollection<string> names, Dictionary<string, MatArray> arrays)
    {
        using UntrustedStream unpacked = element.Unpack(new ZLibStream(element, CompressionMode.Decompress));
        (int type, long length) = ReadTag(unpacked, out _);
        if (type != Matrix)
        {
            throw new InvalidDataException($"it holds a compressed element of type {type} where arrays belong");
        }
        using UntrustedStream matrix = unpacked.Section(length);
        // Of what isn't wanted, no more is unpacked than its name.
        if (ReadMatrix(matrix, names, arrays) && unpacked.ReadByte() >= 0)
        {
            throw new InvalidDataException("something follows a compressed array");
        }
    }

    /// <summary>Reads an array if it is one of those wanted, and then to its end; returns whether it was.</summary>
    private static bool ReadMatrix(UntrustedStream matrix, IReadOnlyCollection<string> names, Dictionary<string, MatArray> arrays)
    {
        if (matrix.Claimed == 0)
        {
            return false;
        }
        byte[] flags = ReadShort(matrix, "flags", maximum: 8);
        if (flags.Length != 8)
        {
            throw new InvalidDataException($"an array has flags of {flags.Length} bytes");
        }
        // Cells, structures, texts and MATLAB's own objects, whose parts may come in another order.
        if (flags[0] is < SmallestNumericClass or > LargestNumericClass)
        {
            return false;
        }
        byte[] dimensions = ReadShort(matrix, "dimensions", maximum: sizeof(int) * MaximumRank);
        string name = Encoding.Latin1.GetString(ReadShort(matrix, "name", MaximumNameLength));
        if (!names.Contains(name))
        {
            return false;
        }
        const int complex = 8;
        if ((flags[1] & complex) != 0)
        {
            throw new InvalidDataException($"its array {name} is complex");
        }
        if (!arrays.TryAdd(name, ReadNumbers(matrix, name, dimensions)))
        {
            throw new InvalidDataException($"it holds two arrays {name}");
        }
        return true;
    }

    private static MatArray ReadNumbers(UntrustedStream matrix, string name, byte[] dimensions)
    {
        int[] sizes = new int[dimensions.Length / sizeof(int)];
        long count = 1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = BinaryPrimitives.ReadInt32LittleEndian(dimensions.AsSpan(sizeof(int) * axis));
            // Checked after every factor: a product of two ints fits a long.
            if (sizes[axis] < 0 || (count *= sizes[axis]) > Array.MaxLength)
            {
                throw new InvalidDataException($"its array {name} claims more numbers than a file can hold");
            }
        }
        (int type, long length) = ReadTag(matrix, out byte[]? inTag);
        MatStorage storage = (MatStorage)type;
        if (sizes.Length < 2 || !Enum.IsDefined(storage) || length != count * MatArray.SizeOf(storage))
        {
            throw new InvalidDataException($"its array {name} claims {string.Join(" × ", sizes)} numbers and has {length} bytes of type {type}");
        }
        byte[] numbers = inTag ?? matrix.ReadArray(length);
        matrix.SkipRest();
        return new MatArray(sizes, storage, numbers);
    }

    /// <summary>A part of an array's head, with the padding after it.</summary>
    private static byte[] ReadShort(UntrustedStream matrix, string what, int maximum)
    {
        (_, long length) = ReadTag(matrix, out byte[]? inTag);
        if (length > maximum)
        {
            throw new InvalidDataException($"the {what} of an array are {length} bytes long");
        }
        if (inTag is not null)
        {
            return inTag;
        }
        byte[] padded = new byte[(length + 7) & ~7];
        matrix.ReadExactly(padded);
        return padded[..(int)length];
    }

    /// <summary>An element's type and length; up to four bytes may lie in the tag itself, and then its upper half is their number.</summary>
    private static (int Type, long Length) ReadTag(UntrustedStream stream, out byte[]? inTag)
    {
        Span<byte> tag = stackalloc byte[8];
        stream.ReadExactly(tag);
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(tag);
        int shortLength = (int)(first >> 16);
        if (shortLength == 0)
        {
            inTag = null;
            return ((int)first, BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]));
        }
        if (shortLength > 4)
        {
            throw new InvalidDataException($"an element of {shortLength} bytes claims to lie in its tag");
        }
        inTag = tag.Slice(4, shortLength).ToArray();
        return ((int)(first & 0xffff), shortLength);
    }
}
