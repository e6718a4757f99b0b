using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>What the tiles of both factors have in common.</summary>
internal static class ProductTile
{
    /// <summary>Terms of a tile.</summary>
    public const int Depth = 8;

    /// <summary>Rows and columns of a thread.</summary>
    public const int Side = 8;

    /// <summary>Floats of a term: four more, so that what is stored across the terms spreads over the banks.</summary>
    public static int Pitch(int extent) => extent + 4;

    public static int Bytes(int extent) => Depth * Pitch(extent) * sizeof(float);

    /// <summary>⌊thread/count⌋ for threads of a group: neither ILGPU nor the assembler makes a product of a division by a constant.</summary>
    public static int Divide(int thread, int count) => (thread * ((65536 / count) + 1)) >> 16;

    /// <summary>sums + left·right, over the terms of a tile.</summary>
    /// <param name="left">Shared memory from the thread's rows on.</param>
    /// <param name="right">Shared memory from the thread's columns on.</param>
    public static RegisterTile Multiply<TTile>(RegisterTile sums, ArrayView<byte> left, ArrayView<byte> right) where TTile : struct, ITile
    {
        ArrayView<Float4> rows = left.AsAligned(16).Cast<Float4>(), columns = right.AsAligned(16).Cast<Float4>();
        sums = Plus<TTile>(sums, rows, columns, 0);
        sums = Plus<TTile>(sums, rows, columns, 1);
        sums = Plus<TTile>(sums, rows, columns, 2);
        sums = Plus<TTile>(sums, rows, columns, 3);
        sums = Plus<TTile>(sums, rows, columns, 4);
        sums = Plus<TTile>(sums, rows, columns, 5);
        sums = Plus<TTile>(sums, rows, columns, 6);
        return Plus<TTile>(sums, rows, columns, 7);
    }

    private static RegisterTile Plus<TTile>(RegisterTile sums, ArrayView<Float4> rows, ArrayView<Float4> columns, int term) where TTile : struct, ITile
    {
        int row = term * Pitch(Side * TTile.RowThreads) / 4, column = term * Pitch(Side * TTile.ColumnThreads) / 4;
        return sums.Plus(rows[row], rows[row + TTile.RowThreads], columns[column], columns[column + TTile.ColumnThreads]);
    }
}
