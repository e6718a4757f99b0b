using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <param name="Product">All but the addresses; the operands' runs and the columns are multiples of four, as are a split's terms of sixteen.</param>
/// <param name="LeftAddress">The address of the left factor's first element: a kernel can't take it from the view for inline PTX.</param>
/// <param name="RightAddress">The address of the right factor's first element.</param>
/// <param name="ResultAddress">The address of the result's first element.</param>
internal readonly record struct TensorProductArguments<TLeft, TRight>(
    ProductArguments<TLeft, TRight> Product, long LeftAddress, long RightAddress, long ResultAddress) : IKernelArguments;

/// <summary>
/// <see cref="ProductKernels"/> on tensor cores: products of factors rounded to TF32's eleven bits, summed in float32. A group computes 128×128
/// or 128×64 elements of the result from tiles of sixteen terms: while one is multiplied, the next two are on their way to shared memory.
/// </summary>
/// <remarks>
/// Warps of 64×64 sums load 128 bytes of shared memory a mma, those of 64×32 sums 192. At a mma in eight cycles on each of the four tensor cores
/// that a multiprocessor of an A100 has, these are 64 and 96 of the 128 bytes a cycle that its shared memory gives, and the copies take 32 and 48.
/// </remarks>
internal static class TensorProductKernels
{
    public const int Rows = 128, Depth = 16, GroupSize = 128;

    /// <summary>The stages of both factors' tiles in shared memory; three of the widest take the 48 KB that a group may have.</summary>
    private const int Stages = 3;

    [Kernel(KernelKind.TensorCoreProduct, GroupSize = GroupSize)]
    public static void Product<TLeft, TRight, TTile>(TensorProductArguments<TLeft, TRight> arguments)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TTile : struct, ITensorTile
    {
        WarpTile.Declare();
        TTile.AllocateStages();
        ProductArguments<TLeft, TRight> p = arguments.Product;
        int launched = p.Tiles.Quotient(Grid.IdxX), tile = p.Tiles.Remainder(Grid.IdxX, launched);
        int split = p.Parts.Quotient(launched), part = p.Parts.Remainder(launched, split);
        int rowTile = p.ColumnTiles.Quotient(tile);
        int firstRow = rowTile * Rows, firstColumn = p.ColumnTiles.Remainder(tile, rowTile) * TTile.Columns;
        TLeft leftFactor = p.Left.Part(part);
        int term = split * p.TermsPerSplit;
        int terms = IntrinsicMath.Min(term + p.TermsPerSplit, leftFactor.Terms);
        StagedOperand<TLeft> left = new(leftFactor, arguments.LeftAddress, Rows, firstRow, p.Rows, terms);
        StagedOperand<TRight> right = new(leftFactor.Facing(p.Right), arguments.RightAddress, TTile.Columns, firstColumn, p.Columns, terms);
        int warp = Group.IdxX >> 5, lane = Group.IdxX & 31;
        int warpRow = (warp & 1) * WarpTile.Rows, warpColumn = (warp >> 1) * (TTile.Columns / 2);

        const uint LeftBytes = Rows * Depth * sizeof(float);
        uint stageBytes = LeftBytes + (uint)(TTile.Columns * Depth * sizeof(float)), lastStage = (Stages - 1) * stageBytes;
        // Places in the stages and terms are the thread's own and go with the loop: else the compiler would begin anew with the thread's index each
        // time.
        uint leftTo = left.FirstPlace, rightTo = LeftBytes + right.FirstPlace, leftFrom = left.LaneOfLeft(warpRow);
        uint rightFrom = LeftBytes + right.LaneOfRight(warpColumn);
        int leftTerm = term + StagedOperand<TLeft>.FirstTerm, rightTerm = term + StagedOperand<TRight>.FirstTerm;
        uint free = 0, full = 0;
        for (; free < lastStage; free += stageBytes)
        {
            left.Copy(leftTerm, leftTo);
            right.Copy(rightTerm, rightTo);
            CudaAsm.Emit("cp.async.commit_group;");
            (leftTerm, rightTerm, leftTo, rightTo) = (leftTerm + Depth, rightTerm + Depth, leftTo + stageBytes, rightTo + stageBytes);
        }
        WarpTile.ClearSums();
        for (; term < terms; term += Depth)
        {
            // All copies of this thread but the last tile's have arrived; behind the barrier everyone's, and nobody reads the free stage any more.
            CudaAsm.Emit("cp.async.wait_group 1;");
            Group.Barrier();
            left.Copy(leftTerm, leftTo);
            right.Copy(rightTerm, rightTo);
            CudaAsm.Emit("cp.async.commit_group;");
            MultiplyEight<TLeft, TRight, TTile>(left, leftFrom, right, rightFrom, second: 0);
            MultiplyEight<TLeft, TRight, TTile>(left, leftFrom, right, rightFrom, second: 1);
            uint toNextFree = free == lastStage ? 0 - lastStage : stageBytes, toNextFull = full == lastStage ? 0 - lastStage : stageBytes;
            (leftTerm, rightTerm, leftTo, rightTo) = (leftTerm + Depth, rightTerm + Depth, leftTo + toNextFree, rightTo + toNextFree);
            (leftFrom, rightFrom) = (leftFrom + toNextFull, rightFrom + toNextFull);
            (free, full) = (free + toNextFree, full + toNextFull);
        }
        // The last copies were zeros, on their way to memory that is another group's once this one has ended.
        CudaAsm.Emit("cp.async.wait_group 0;");
        int column = firstColumn + warpColumn + (2 * (lane & 3));
        WarpTile.Limit(IntrinsicMath.Min(p.Columns - column, TTile.Columns / 2));
        Store(p, leftFactor, firstRow + warpRow + (lane >> 2), arguments.ResultAddress + (sizeof(float) * (((long)split * p.ResultLength) + column)));
    }

    /// <param name="second">1 for the tile's other eight terms.</param>
    private static void MultiplyEight<TLeft, TRight, TTile>(
        StagedOperand<TLeft> left, uint leftFrom, StagedOperand<TRight> right, uint rightFrom, uint second)
        where TLeft : struct, IOperand
        where TRight : struct, IOperand
        where TTile : struct, ITensorTile
    {
        if (TLeft.SummedIsContiguous)
        {
            WarpTile.LoadLeftFromSummedRows(leftFrom ^ (second * StagedOperand<TLeft>.OtherTerms));
        }
        else
        {
            WarpTile.LoadLeftFromOuterRows(leftFrom, 8 * second * left.TermBytes, ((8 * second) + 4) * left.TermBytes);
        }
        if (TRight.SummedIsContiguous)
        {
            WarpTile.LoadRightFromSummedRows(rightFrom ^ (second * StagedOperand<TRight>.OtherTerms));
        }
        else
        {
            WarpTile.LoadRightFromOuterRows(rightFrom, 8 * second * right.TermBytes, ((8 * second) + 4) * right.TermBytes);
        }
        WarpTile.Multiply();
        if (TTile.Columns < 2 * WarpTile.MostColumns)
        {
            return;
        }
        if (TRight.SummedIsContiguous)
        {
            WarpTile.LoadRightEndFromSummedRows();
        }
        else
        {
            WarpTile.LoadRightEndFromOuterRows();
        }
        WarpTile.MultiplyEnd();
    }

    private static void Store<TLeft, TRight>(ProductArguments<TLeft, TRight> p, TLeft left, int row, long result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        WarpTile.StoreRow0(Address(p, left, row, result));
        WarpTile.StoreRow8(Address(p, left, row + 8, result));
        WarpTile.StoreRow16(Address(p, left, row + 16, result));
        WarpTile.StoreRow24(Address(p, left, row + 24, result));
        WarpTile.StoreRow32(Address(p, left, row + 32, result));
        WarpTile.StoreRow40(Address(p, left, row + 40, result));
        WarpTile.StoreRow48(Address(p, left, row + 48, result));
        WarpTile.StoreRow56(Address(p, left, row + 56, result));
    }

    /// <summary>The address that the row's sums go to; 0 if the row is not part of the result.</summary>
    private static long Address<TLeft, TRight>(ProductArguments<TLeft, TRight> p, TLeft left, int row, long result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        int resultRow = row < p.Rows ? left.ResultRow(row) : -1;
        return resultRow < 0 ? 0 : result + (sizeof(float) * (long)resultRow * p.Columns);
    }
}
