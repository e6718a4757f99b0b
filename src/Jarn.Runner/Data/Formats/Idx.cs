using System.Buffers.Binary;

namespace Jarn.Runner.Data;

/// <summary>An array of bytes of any rank, row-major.</summary>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values);

/// <summary>
/// The idx format of MNIST: two zero bytes, the type (8: unsigned byte), the rank, the dimensions as big-endian 32-bit integers, the
/// values.
/// </summary>
public static class Idx
{
    /// <param name="file">The file, positioned at its beginning.</param>
    /// <param name="rank">The number of dimensions: 3 for images, 1 for labels.</param>
    /// <exception cref="InvalidDataException">The file is not an idx file of bytes with this many dimensions, or is truncated.</exception>
    public static IdxArray Read(UntrustedStream file, int rank)
    {
        Span<byte> header = stackalloc byte[sizeof(int) * (1 + rank)];
        file.ReadExactly(header);
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
            if (dimensions[axis] < 1 || (length *= dimensions[axis]) > Array.MaxLength)
            {
                throw new InvalidDataException("its header claims more values than a file can hold, or none");
            }
        }
        return new IdxArray(dimensions, file.ReadArray(length));
    }
}
