using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <param name="Parts">Products of the launch, which write disjoint rows of the result.</param>
/// <param name="Tiles">Of a product.</param>
/// <param name="ColumnTiles">Of a product, side by side.</param>
/// <param name="Rows">Of a product, as <paramref name="Columns"/>.</param>
/// <param name="TermsPerSplit">Each split sums so many terms, whole tiles, the last the rest, and writes a result of its own.</param>
/// <param name="ResultLength">Elements of one result.</param>
/// <param name="Result">[splits, ResultLength]</param>
internal readonly record struct ProductArguments<TLeft, TRight>(
    TLeft Left, TRight Right, Divisor Parts, Divisor Tiles, Divisor ColumnTiles, int Rows, int Columns, int TermsPerSplit, int ResultLength,
    ArrayView<float> Result) : IKernelArguments;

/// <summary>
/// The one loop under matrix products and convolutions. While a group multiplies the tiles of one stage in shared memory, the next tiles
/// are on their way from global memory into registers; they are stored to the other stage, and a step ends with its only barrier.
/// </summary>
internal static class ProductKernels
{
    public static void Product<TLeft, TRight, TTile, TAccess>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TTile : struct, ITile
        where TAccess : struct, IAccess
    {
        int tileRows = 8 * TTile.RowThreads, tileColumns = 8 * TTile.ColumnThreads;
        ArrayView<float> shared = SharedMemory.Allocate<float>(TTile.Stage + (8 * ((8 * TTile.RowThreads) + 4)) + (8 * ((8 * TTile.ColumnThreads) + 4)));
        int rightTile = OperandTile<TLeft, TTile, TAccess>.Length(tileRows);

        int launched = p.Tiles.Quotient(Grid.IdxX), tile = p.Tiles.Remainder(Grid.IdxX, launched);
        int split = p.Parts.Quotient(launched), part = p.Parts.Remainder(launched, split);
        int rowTile = p.ColumnTiles.Quotient(tile);
        int firstRow = rowTile * tileRows, firstColumn = p.ColumnTiles.Remainder(tile, rowTile) * tileColumns;
        TLeft left = p.Left.Part(part);
        TRight right = left.Facing(p.Right);
        int term = split * p.TermsPerSplit, last = IntrinsicMath.Min(term + p.TermsPerSplit, left.Terms);

        OuterPlaces rows = OperandTile<TLeft, TTile, TAccess>.Places(left, tileRows, firstRow, p.Rows);
        OuterPlaces columns = OperandTile<TRight, TTile, TAccess>.Places(right, tileColumns, firstColumn, p.Columns);
        int lane = Group.IdxX & 31, warp = Group.IdxX >> 5;
        int x = ((warp & ((TTile.ColumnThreads / 4) - 1)) * 4) + ((lane >> 1) & 3);
        int y = (warp / (TTile.ColumnThreads / 4) * 8) + (lane & 1) + ((lane >> 3) << 1);

        RegisterTile sums = default;
        Fetched nextLeft = OperandTile<TLeft, TTile, TAccess>.Fetch(left, rows, tileRows, term, last);
        Fetched nextRight = OperandTile<TRight, TTile, TAccess>.Fetch(right, columns, tileColumns, term, last);
        int leftStore = OperandTile<TLeft, TTile, TAccess>.Place(tileRows), rightStore = rightTile + OperandTile<TRight, TTile, TAccess>.Place(tileColumns);
        int leftLoad = 4 * y, rightLoad = rightTile + (4 * x);
        while (term < last)
        {
            OperandTile<TLeft, TTile, TAccess>.Store(shared, leftStore, tileRows, nextLeft);
            OperandTile<TRight, TTile, TAccess>.Store(shared, rightStore, tileColumns, nextRight);
            Group.Barrier();
            term += 8;
            nextLeft = OperandTile<TLeft, TTile, TAccess>.Fetch(left, rows, tileRows, term, last);
            nextRight = OperandTile<TRight, TTile, TAccess>.Fetch(right, columns, tileColumns, term, last);
            ArrayView<Float4> leftQuads = shared.SubView(leftLoad).AsAligned(16).Cast<Float4>(), rightQuads = shared.SubView(rightLoad).AsAligned(16).Cast<Float4>();
            sums = Times<TTile>(sums, leftQuads, rightQuads, 0);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 1);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 2);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 3);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 4);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 5);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 6);
            sums = Times<TTile>(sums, leftQuads, rightQuads, 7);
            leftStore ^= TTile.Stage;
            rightStore ^= TTile.Stage;
            leftLoad ^= TTile.Stage;
            rightLoad ^= TTile.Stage;
        }
        int row = firstRow + (4 * y), column = firstColumn + (4 * x);
        ArrayView<float> result = p.Result.SubView((long)split * p.ResultLength, p.ResultLength);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row, column, sums.Left0, sums.Right0);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 1, column, sums.Left1, sums.Right1);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 2, column, sums.Left2, sums.Right2);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 3, column, sums.Left3, sums.Right3);
        row += tileRows / 2;
        StoreRow<TLeft, TRight, TTile>(p, left, result, row, column, sums.Left4, sums.Right4);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 1, column, sums.Left5, sums.Right5);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 2, column, sums.Left6, sums.Right6);
        StoreRow<TLeft, TRight, TTile>(p, left, result, row + 3, column, sums.Left7, sums.Right7);
    }

    private static RegisterTile Times<TTile>(RegisterTile sums, ArrayView<Float4> left, ArrayView<Float4> right, int term)
        where TTile : struct, ITile
    {
        int leftAt = term * ((2 * TTile.RowThreads) + 1), rightAt = term * ((2 * TTile.ColumnThreads) + 1);
        return sums.Plus(left[leftAt], left[leftAt + TTile.RowThreads], right[rightAt], right[rightAt + TTile.ColumnThreads]);
    }

    private static void StoreRow<TLeft, TRight, TTile>(
        ProductArguments<TLeft, TRight> p, TLeft factor, ArrayView<float> result, int row, int column, Float4 left, Float4 right)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TTile : struct, ITile
    {
        int resultRow = row < p.Rows ? factor.ResultRow(row) : -1;
        if (resultRow >= 0)
        {
            Store(result, (resultRow * p.Columns) + column, p.Columns, column, left);
            column += 4 * TTile.ColumnThreads;
            Store(result, (resultRow * p.Columns) + column, p.Columns, column, right);
        }
    }

    private static void Store(ArrayView<float> result, int at, int columns, int column, Float4 sums)
    {
        int count = columns - column;
        if ((columns & 3) == 0)
        {
            if (count > 0)
            {
                result.SubView(at, 4).AsAligned(16).Cast<Float4>()[0] = sums;
            }
            return;
        }
        if (count > 0)
        {
            result[at] = sums.X;
        }
        if (count > 1)
        {
            result[at + 1] = sums.Y;
        }
        if (count > 2)
        {
            result[at + 2] = sums.Z;
        }
        if (count > 3)
        {
            result[at + 3] = sums.W;
        }
    }
}
