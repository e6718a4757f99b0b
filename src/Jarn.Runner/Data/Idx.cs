using System.Buffers.Binary;
using System.IO.Compression;

namespace Jarn.Runner.Data;

/// <summary>An array of bytes of any rank, row-major.</summary>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values);

/// <summary>
/// The idx format of MNIST: two zero bytes, the type (8: unsigned byte), the rank, the dimensions as big-endian 32-bit integers, the
/// values; gzip around it is recognised by its content.
/// </summary>
public static class Idx
{
    /// <summary>Real images compress to a fifth, labels to a half; a file that claims a hundredfold is a bomb.</summary>
    private const int MaximumCompression = 100;

    private const int AlwaysAllowed = 1 << 20;

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <param name="file">The whole file.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <param name="rank">3 for images, 1 for labels.</param>
    /// <exception cref="UserErrorException">It is no idx file of bytes of that rank, is truncated, or something follows the values.</exception>
    public static IdxArray Parse(byte[] file, string path, int rank)
    {
        try
        {
            using MemoryStream plain = new(file, writable: false);
            if (!file.AsSpan().StartsWith(GzipMagic))
            {
                return Read(plain, rank, file.Length);
            }
            using GZipStream unzipped = new(plain, CompressionMode.Decompress);
            IdxArray array = Read(unzipped, rank, AlwaysAllowed + ((long)MaximumCompression * file.Length));
            // GZipStream checks the trailer (RFC 1952: checksum, then length modulo 2³²) where it is there, and does not miss it where it isn't.
            if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - sizeof(uint))) != HeaderLength(rank) + array.Values.Length)
            {
                throw new InvalidDataException("it is truncated: its gzip trailer is missing");
            }
            return array;
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException(
                $"{path} is no usable idx file ({exception.Message.TrimEnd('.')}): fetch it again, or delete it to have it downloaded", exception);
        }
    }

    private static int HeaderLength(int rank) => sizeof(int) * (1 + rank);

    private static IdxArray Read(Stream stream, int rank, long maximumLength)
    {
        Span<byte> header = stackalloc byte[HeaderLength(rank)];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw new InvalidDataException("it ends within its header");
        }
        int magic = BinaryPrimitives.ReadInt32BigEndian(header);
        int expectedMagic = (8 << 8) | rank;
        if (magic != expectedMagic)
        {
            throw new InvalidDataException($"it begins with 0x{magic:x8} instead of 0x{expectedMagic:x8}");
        }
        int[] dimensions = new int[rank];
        long length = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            dimensions[axis] = BinaryPrimitives.ReadInt32BigEndian(header[(sizeof(int) * (1 + axis))..]);
            // Checked after every factor: a product of two ints fits a long.
            if (dimensions[axis] < 1 || (length *= dimensions[axis]) > Math.Min(maximumLength, Array.MaxLength))
            {
                throw new InvalidDataException("its header claims more values than the file can hold, or none");
            }
        }
        byte[] values = ReadGrowing(stream, (int)length);
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException($"something follows the {length} values that its header claims");
        }
        return new IdxArray(dimensions, values);
    }

    /// <summary>Doubles its buffer as the values come in, so that a forged length costs no more than what is really there.</summary>
    private static byte[] ReadGrowing(Stream stream, int length)
    {
        byte[] values = new byte[Math.Min(length, AlwaysAllowed)];
        int read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length)
            {
                throw new InvalidDataException($"it is truncated: {read} of {length} values are there");
            }
            if (read == length)
            {
                return values;
            }
            Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
        }
    }
}
