using ILGPU;

namespace Jarn.Kernels;

/// <param name="Parts">Products of the launch, which write disjoint rows of the result.</param>
/// <param name="Rows">Of a product, as <paramref name="Columns"/>.</param>
/// <param name="TermsPerSplit">Each split sums so many terms, the last the rest, and writes a result of its own.</param>
/// <param name="ResultLength">Elements of one result.</param>
/// <param name="Result">[splits, ResultLength]</param>
internal readonly record struct ProductArguments<TLeft, TRight>(
    TLeft Left, TRight Right, int Parts, int Rows, int Columns, int TermsPerSplit, int ResultLength, ArrayView<float> Result) : IKernelArguments;

/// <summary>
/// The one loop under matrix products and convolutions: a group of 256 threads computes 64×64 elements of the result, 4×4 a thread in
/// registers, from tiles of 16 terms in shared memory.
/// </summary>
internal static class ProductKernels
{
    public const int Tile = 64;

    private const int Depth = 16;

    /// <summary>Threads along a side of the result's tile; each has four neighbouring elements there.</summary>
    private const int Side = Tile / 4;

    /// <summary>Length of a tile's row, which holds one term: a multiple of 16 bytes that spreads a column of stores over the banks.</summary>
    private const int Pitch = Tile + 4;

    [Kernel(KernelKind.Product)]
    public static void Product<TLeft, TRight>(ProductArguments<TLeft, TRight> p)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand<TRight>
    {
        ArrayView<float> left = SharedMemory.Allocate<float>(Depth * Pitch), right = SharedMemory.Allocate<float>(Depth * Pitch);
        ArrayView<Float4> leftRows = left.Cast<Float4>(), rightRows = right.Cast<Float4>();
        int columnTiles = GpuDevice.DivideUp(p.Columns, Tile);
        int tiles = GpuDevice.DivideUp(p.Rows, Tile) * columnTiles;
        int split = Grid.IdxX / (tiles * p.Parts), tile = Grid.IdxX % tiles, part = Grid.IdxX / tiles % p.Parts;
        TLeft leftFactor = p.Left.Part(part);
        TRight rightFactor = p.Right.Part(part);
        int firstRow = tile / columnTiles * Tile, firstColumn = tile % columnTiles * Tile;
        int firstTerm = split * p.TermsPerSplit;
        int terms = IntrinsicMath.Min(p.TermsPerSplit, leftFactor.Terms - firstTerm);
        int x = Group.IdxX % Side, y = Group.IdxX / Side;
        FourOuter rows = OuterOf(leftFactor, firstRow), columns = OuterOf(rightFactor, firstColumn);
        Float4 sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int done = 0; done < terms; done += Depth)
        {
            Load(leftFactor, left, rows, p.Rows - firstRow, firstTerm + done, terms - done);
            Load(rightFactor, right, columns, p.Columns - firstColumn, firstTerm + done, terms - done);
            Group.Barrier();
            for (int s = 0; s < Depth; s++)
            {
                Float4 a = leftRows[(s * (Pitch / 4)) + y], b = rightRows[(s * (Pitch / 4)) + x];
                sum0 = sum0.Plus(a.X, b);
                sum1 = sum1.Plus(a.Y, b);
                sum2 = sum2.Plus(a.Z, b);
                sum3 = sum3.Plus(a.W, b);
            }
            Group.Barrier();
        }
        int row = firstRow + (4 * y), column = firstColumn + (4 * x);
        ArrayView<float> result = p.Result.SubView((long)split * p.ResultLength, p.ResultLength);
        Store(p, leftFactor, result, row, column, sum0);
        Store(p, leftFactor, result, row + 1, column, sum1);
        Store(p, leftFactor, result, row + 2, column, sum2);
        Store(p, leftFactor, result, row + 3, column, sum3);
    }

    /// <summary>What a thread loads lies at one outer index, or at four that don't change from tile to tile: they are taken apart once.</summary>
    private static FourOuter OuterOf<TOperand>(TOperand operand, int first) where TOperand : struct, IOperand
    {
        int at = first + (TOperand.SummedIsContiguous ? Group.IdxX / Depth : Group.IdxX % Tile);
        return new FourOuter
        {
            At0 = operand.Outer(at),
            At1 = operand.Outer(at + Side),
            At2 = operand.Outer(at + (2 * Side)),
            At3 = operand.Outer(at + (3 * Side)),
        };
    }

    /// <summary>Each thread loads four elements, so that a warp's loads are neighbours; zeros stand beyond the ends.</summary>
    private static void Load<TOperand>(TOperand operand, ArrayView<float> tile, FourOuter outer, int outerCount, int firstTerm, int terms)
        where TOperand : struct, IOperand
    {
        if (TOperand.SummedIsContiguous)
        {
            int s = Group.IdxX % Depth, at = Group.IdxX / Depth;
            int limit = s < terms ? outerCount : 0;
            int to = (s * Pitch) + at;
            Coordinates summed = operand.Summed(firstTerm + s);
            tile[to] = at < limit ? Element(operand, outer.At0, summed) : 0f;
            tile[to + Side] = at + Side < limit ? Element(operand, outer.At1, summed) : 0f;
            tile[to + (2 * Side)] = at + (2 * Side) < limit ? Element(operand, outer.At2, summed) : 0f;
            tile[to + (3 * Side)] = at + (3 * Side) < limit ? Element(operand, outer.At3, summed) : 0f;
        }
        else
        {
            int at = Group.IdxX % Tile;
            int limit = at < outerCount ? terms : 0;
            for (int s = Group.IdxX / Tile; s < Depth; s += GpuDevice.GroupSize / Tile)
            {
                tile[(s * Pitch) + at] = s < limit ? Element(operand, outer.At0, operand.Summed(firstTerm + s)) : 0f;
            }
        }
    }

    private static float Element<TOperand>(TOperand operand, Coordinates outer, Coordinates summed) where TOperand : struct, IOperand
    {
        int index = operand.Index(outer, summed);
        return index >= 0 ? operand.Elements[index] : 0f;
    }

    private static void Store<TLeft, TRight>(ProductArguments<TLeft, TRight> p, TLeft left, ArrayView<float> result, int row, int column, Float4 sums)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand<TRight>
    {
        int resultRow = row < p.Rows ? left.ResultRow(row) : -1;
        if (resultRow < 0)
        {
            return;
        }
        int at = (resultRow * p.Columns) + column;
        int count = p.Columns - column;
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

    private struct FourOuter
    {
        public Coordinates At0, At1, At2, At3;
    }
}
