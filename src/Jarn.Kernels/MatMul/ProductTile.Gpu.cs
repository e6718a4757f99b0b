using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>What the tiles of both factors have in common.</summary>
internal static class ProductTile
{
    /// <summary>Terms in a tile.</summary>
    public const int Depth = 8;

    /// <summary>Columns of the result that a thread computes.</summary>
    public const int Columns = 8;

    /// <summary>Floats of a term: four more, so that what is stored across the terms spreads over the banks.</summary>
    public static int Pitch(int extent) => extent + 4;

    public static int Bytes(int extent) => Depth * Pitch(extent) * sizeof(float);

    /// <summary>⌊thread/count⌋ for threads of a group: neither ILGPU nor the assembler makes a product of a division by a constant.</summary>
    public static int Divide(int thread, int count) => (thread * ((65536 / count) + 1)) >> 16;

    /// <summary>sums + left·right, over four terms.</summary>
    /// <param name="left">Shared memory from the thread's rows on.</param>
    /// <param name="right">Shared memory from the thread's columns on.</param>
    /// <param name="first">The index of the first of the four terms, in the tile.</param>
    public static RegisterTile Multiply<TTile>(RegisterTile sums, ArrayView<byte> left, ArrayView<byte> right, int first) where TTile : struct, ITile
    {
        ArrayView<Float4> rows = left.AsAligned(16).Cast<Float4>(), columns = right.AsAligned(16).Cast<Float4>();
        sums = Plus<TTile>(sums, rows, columns, first);
        sums = Plus<TTile>(sums, rows, columns, first + 1);
        sums = Plus<TTile>(sums, rows, columns, first + 2);
        return Plus<TTile>(sums, rows, columns, first + 3);
    }

    private static RegisterTile Plus<TTile>(RegisterTile sums, ArrayView<Float4> rows, ArrayView<Float4> columns, int term)
        where TTile : struct, ITile
    {
        int row = term * Pitch(TTile.RowsPerThread * TTile.RowThreads) / 4, column = term * Pitch(Columns * TTile.ColumnThreads) / 4;
        return TTile.RowsPerThread == 8
            ? sums.Plus(rows[row], rows[row + TTile.RowThreads], columns[column], columns[column + TTile.ColumnThreads])
            : sums.PlusUpper(rows[row], columns[column], columns[column + TTile.ColumnThreads]);
    }
}
