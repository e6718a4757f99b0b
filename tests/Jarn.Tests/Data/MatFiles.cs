using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>Small level 5 MAT-files, written by hand from the format's description.</summary>
internal static class MatFiles
{
    public const int HeaderLength = 128;

    private const int Int8 = 1, Int32 = 5, UInt32 = 6, Matrix = 14, Compressed = 15;

    public static byte[] Encode(params byte[][] elements)
    {
        byte[] header = new byte[HeaderLength];
        header.AsSpan().Fill((byte)' ');
        "MATLAB 5.0 MAT-file, by a test"u8.CopyTo(header);
        header.AsSpan(116, 8).Clear();
        "\0\u0001IM"u8.CopyTo(header.AsSpan(124));
        return [.. header, .. elements.SelectMany(element => element)];
    }

    /// <summary>An array whose numbers are stored in their class's own type.</summary>
    public static byte[] Array(string name, MatStorage storage, byte[] numbers, params int[] dimensions)
    {
        byte[] kind = new byte[8];
        kind[0] = ClassOf(storage);
        byte[] sizes = [.. dimensions.SelectMany(BitConverter.GetBytes)];
        return Element(Matrix,
            [.. Element(UInt32, kind), .. Element(Int32, sizes), .. Element(Int8, Encoding.ASCII.GetBytes(name)), .. Element((int)storage, numbers)]);
    }

    /// <summary>A structure without fields, named like any array.</summary>
    public static byte[] Structure(string name) => Element(
        Matrix,
        [
            .. Element(UInt32, [2, 0, 0, 0, 0, 0, 0, 0]), .. Element(Int32, [1, 0, 0, 0, 1, 0, 0, 0]),
            .. Element(Int8, Encoding.ASCII.GetBytes(name)), .. Element(Int32, [32, 0, 0, 0]), .. Element(Int8, []),
        ]);

    /// <summary>zlib's form of an element; it is the only one without padding.</summary>
    public static byte[] Compress(byte[] element)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(element);
        }
        return [.. Tag(Compressed, (int)packed.Length), .. packed.ToArray()];
    }

    public static byte[] Element(int type, byte[] content)
    {
        if (content.Length is > 0 and <= 4)
        {
            byte[] small = new byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(small, type | (content.Length << 16));
            content.CopyTo(small, 4);
            return small;
        }
        return [.. Tag(type, content.Length), .. content, .. new byte[-content.Length & 7]];
    }

    /// <summary>Pixel (row, column, channel) of image n as <see cref="Images"/> has it.</summary>
    public static byte Pixel(int n, int row, int column, int channel) =>
        (byte)((37 * n) + (5 * row) + (11 * column) + (101 * channel) + (row * column));

    /// <summary>X of SVHN: 32 × 32 × 3 × N, the first index running fastest.</summary>
    public static byte[] Images(int count, string name = "X")
    {
        byte[] pixels = new byte[count * 3072];
        int at = 0;
        for (int n = 0; n < count; n++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                for (int column = 0; column < 32; column++)
                {
                    for (int row = 0; row < 32; row++)
                    {
                        pixels[at++] = Pixel(n, row, column, channel);
                    }
                }
            }
        }
        return Array(name, MatStorage.UInt8, pixels, 32, 32, 3, count);
    }

    /// <summary>y of SVHN: 1 to 10, over and over.</summary>
    public static byte[] Digits(int count) =>
        Array("y", MatStorage.UInt8, [.. Enumerable.Range(0, count).Select(n => (byte)((n % 10) + 1))], count, 1);

    public static byte[] Svhn(int count, bool compressed = true)
    {
        byte[][] elements = [Images(count), Digits(count)];
        return Encode(compressed ? [.. elements.Select(Compress)] : elements);
    }

    private static byte[] Tag(int type, int length) => [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(length)];

    private static byte ClassOf(MatStorage storage) => storage switch
    {
        MatStorage.Double => 6,
        MatStorage.Single => 7,
        MatStorage.Int8 => 8,
        MatStorage.UInt8 => 9,
        MatStorage.Int16 => 10,
        MatStorage.UInt16 => 11,
        MatStorage.Int32 => 12,
        MatStorage.UInt32 => 13,
        MatStorage.Int64 => 14,
        _ => 15,
    };
}
