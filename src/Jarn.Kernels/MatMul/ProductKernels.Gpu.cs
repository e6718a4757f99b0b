using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <param name="Parts">Products of the launch, which write disjoint rows of the result.</param>
/// <param name="Tiles">Tiles in the result of one product.</param>
/// <param name="ColumnTiles">How many of these tiles stand side by side.</param>
/// <param name="Rows">Rows in the result of one product; <paramref name="Columns"/> are its columns.</param>
/// <param name="TermsPerSplit">
/// Terms that a split sums: whole tiles, except that the last split takes what is left. Each split writes a result of its own.
/// </param>
/// <param name="ResultLength">Elements of one result.</param>
/// <param name="Result">[splits, ResultLength]</param>
internal readonly record struct ProductArguments<TLeft, TRight>(
    TLeft Left, TRight Right, Divisor Parts, Divisor Tiles, Divisor ColumnTiles, int Rows, int Columns, int TermsPerSplit, int ResultLength,
    ArrayView<float> Result) : IKernelArguments;

/// <summary>
/// Matrix products and convolutions, on the tile that the host chooses: a thread sums 8×8 elements in registers, from tiles of 8 terms in
/// shared memory.
/// </summary>
internal static class ProductKernels
{
    [Kernel(KernelKind.Product, GroupSize = SquareTile.Threads, ResidentGroups = SquareTile.ResidentGroups, MultiplyAddShare = 0.83)]
    public static void Square<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand => Product<TLeft, TRight, Quads, SquareTile>(p, Grid.IdxX);

    [Kernel(KernelKind.Product, GroupSize = WideTile.Threads, ResidentGroups = WideTile.ResidentGroups, MultiplyAddShare = 0.78)]
    public static void Wide<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand => Product<TLeft, TRight, Quads, WideTile>(p, Grid.IdxX);

    [Kernel(KernelKind.Product, GroupSize = TallTile.Threads, ResidentGroups = TallTile.ResidentGroups, MultiplyAddShare = 0.79)]
    public static void Tall<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand => Product<TLeft, TRight, Quads, TallTile>(p, Grid.IdxX);

    [Kernel(KernelKind.Product, GroupSize = NarrowTile.Threads, ResidentGroups = NarrowTile.ResidentGroups, MultiplyAddShare = 0.65)]
    public static void Narrow<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand => Product<TLeft, TRight, Quads, NarrowTile>(p, Grid.IdxX);

    /// <summary>Where a factor's runs are no whole fours: images of 1 or 3 channels, 10 classes.</summary>
    [Kernel(KernelKind.Product, GroupSize = NarrowTile.Threads, ResidentGroups = NarrowTile.ResidentGroups, MultiplyAddShare = 0.5)]
    public static void Odd<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand => Product<TLeft, TRight, Singles, NarrowTile>(p, Grid.IdxX);

    /// <summary>
    /// The one loop. Each step stores the tiles that were fetched before to one of two stages in shared memory, waits at its only barrier,
    /// sets the loads of the next tiles off, and multiplies while they are on their way. No thread stores to a stage that another still reads:
    /// between the two lies the barrier of the step between.
    /// </summary>
    private static void Product<TLeft, TRight, TAccess, TTile>(ProductArguments<TLeft, TRight> p, int group)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TAccess : struct, IRunAccess
        where TTile : struct, ITile
    {
        int tileRows = TTile.RowsPerThread * TTile.RowThreads, tileColumns = ProductTile.Columns * TTile.ColumnThreads;
        int leftBytes = ProductTile.Bytes(tileRows), rightBytes = ProductTile.Bytes(tileColumns);
        ArrayView<byte> shared = SharedMemory.Allocate<Float4>((TTile.StageBytes + leftBytes + rightBytes) / 16).Cast<byte>();
        int launched = p.Tiles.Quotient(group), tile = p.Tiles.Remainder(group, launched);
        int split = p.Parts.Quotient(launched), part = p.Parts.Remainder(launched, split);
        int rowTile = p.ColumnTiles.Quotient(tile);
        int firstRow = rowTile * tileRows, firstColumn = p.ColumnTiles.Remainder(tile, rowTile) * tileColumns;
        TLeft left = p.Left.Part(part);
        TRight right = left.Facing(p.Right);
        OuterPlaces rows = OperandTile<TLeft, TTile, TAccess>.Places(left, tileRows, firstRow, p.Rows);
        OuterPlaces columns = OperandTile<TRight, TTile, TAccess>.Places(right, tileColumns, firstColumn, p.Columns);
        int term = split * p.TermsPerSplit, last = IntrinsicMath.Min(term + p.TermsPerSplit, left.Terms);
        int leftTerm = term + OperandTile<TLeft, TTile, TAccess>.Term(tileRows);
        int rightTerm = term + OperandTile<TRight, TTile, TAccess>.Term(tileColumns);
        Fetched nextLeft = OperandTile<TLeft, TTile, TAccess>.Fetch(left, rows, tileRows, leftTerm, last);
        Fetched nextRight = OperandTile<TRight, TTile, TAccess>.Fetch(right, columns, tileColumns, rightTerm, last);
        (int x, int y) = PlaceInTile<TTile>();
        int leftStore = OperandTile<TLeft, TTile, TAccess>.Place(tileRows), leftLoad = 16 * y;
        int rightStore = leftBytes + OperandTile<TRight, TTile, TAccess>.Place(tileColumns), rightLoad = leftBytes + (16 * x);
        RegisterTile sums = default;
        int stage = 0;
        while (term < last)
        {
            ArrayView<byte> tiles = shared.SubView(stage);
            OperandTile<TLeft, TTile, TAccess>.Store(tiles.SubView(leftStore), tileRows, nextLeft);
            OperandTile<TRight, TTile, TAccess>.Store(tiles.SubView(rightStore), tileColumns, nextRight);
            Group.Barrier();
            leftTerm += ProductTile.Depth;
            rightTerm = TLeft.SummedIsContiguous & TRight.SummedIsContiguous ? leftTerm : rightTerm + ProductTile.Depth;
            nextLeft = OperandTile<TLeft, TTile, TAccess>.Fetch(left, rows, tileRows, leftTerm, last);
            nextRight = OperandTile<TRight, TTile, TAccess>.Fetch(right, columns, tileColumns, rightTerm, last);
            sums = ProductTile.Multiply<TTile>(sums, tiles.SubView(leftLoad), tiles.SubView(rightLoad), 0);
            // It also parts the terms into two blocks: with eight in one, ILGPU orders the sums so that 167 registers are live, and not 128.
            if (term + 4 >= last)
            {
                break;
            }
            sums = ProductTile.Multiply<TTile>(sums, tiles.SubView(leftLoad), tiles.SubView(rightLoad), 4);
            term += ProductTile.Depth;
            stage ^= TTile.StageBytes;
        }
        Store<TLeft, TRight, TTile>(p, left, split, firstRow + (4 * y), firstColumn + (4 * x), sums);
    }

    /// <summary>
    /// Of the thread, along the columns and the rows: neighbours pairwise in a row and pairwise in a column, so that a half warp's 16-byte
    /// loads of rows and of columns are each served at once.
    /// </summary>
    private static (int X, int Y) PlaceInTile<TTile>() where TTile : struct, ITile
    {
        int lane = Group.IdxX & 31, warp = Group.IdxX >> 5;
        int warpRow = ProductTile.Divide(warp, TTile.ColumnThreads / 4), warpColumn = warp - (warpRow * (TTile.ColumnThreads / 4));
        return ((4 * warpColumn) + ((lane >> 1) & 3), (8 * warpRow) + (lane & 1) + ((lane >> 3) << 1));
    }

    private static void Store<TLeft, TRight, TTile>(
        ProductArguments<TLeft, TRight> p, TLeft factor, int split, int row, int column, RegisterTile sums)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TTile : struct, ITile
    {
        int right = 4 * TTile.ColumnThreads;
        ArrayView<float> result = p.Result.SubView((long)split * p.ResultLength, p.ResultLength);
        StoreRow(p, factor, result, row, column, right, sums.Left0, sums.Right0);
        StoreRow(p, factor, result, row + 1, column, right, sums.Left1, sums.Right1);
        StoreRow(p, factor, result, row + 2, column, right, sums.Left2, sums.Right2);
        StoreRow(p, factor, result, row + 3, column, right, sums.Left3, sums.Right3);
        if (TTile.RowsPerThread == 8)
        {
            row += 4 * TTile.RowThreads;
            StoreRow(p, factor, result, row, column, right, sums.Left4, sums.Right4);
            StoreRow(p, factor, result, row + 1, column, right, sums.Left5, sums.Right5);
            StoreRow(p, factor, result, row + 2, column, right, sums.Left6, sums.Right6);
            StoreRow(p, factor, result, row + 3, column, right, sums.Left7, sums.Right7);
        }
    }

    private static void StoreRow<TLeft, TRight>(
        ProductArguments<TLeft, TRight> p, TLeft factor, ArrayView<float> result, int row, int column, int right, Float4 leftSums, Float4 rightSums)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        int resultRow = row < p.Rows ? factor.ResultRow(row) : -1;
        if (resultRow >= 0)
        {
            int at = (resultRow * p.Columns) + column;
            StoreFour(result, at, p.Columns, column, leftSums);
            StoreFour(result, at + right, p.Columns, column + right, rightSums);
        }
    }

    /// <summary>16 bytes at once where every row begins at a multiple of them.</summary>
    private static void StoreFour(ArrayView<float> result, int at, int columns, int column, Float4 sums)
    {
        if (column >= columns)
        {
            return;
        }
        if ((columns & 3) == 0)
        {
            result.SubView(at, 4).AsAligned(16).Cast<Float4>()[0] = sums;
        }
        else
        {
            BySingles.Store(result, at, columns - column, sums);
        }
    }
}
