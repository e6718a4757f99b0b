using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct CenterAndNormalizeArguments(
    ArrayView<float> X, int RowCount, RowsOfFour Rows, float LargestReciprocal, ArrayView<float> Y,
    ArrayView<float> ReciprocalNorm) : IKernelArguments;

internal readonly record struct CenterAndNormalizeGradientArguments(
    ArrayView<float> Y, ArrayView<float> ReciprocalNorm, ArrayView<float> OutputCotangent, int RowCount, RowsOfFour Rows, float LargestReciprocal,
    ArrayView<float> XCotangent) : IKernelArguments;

/// <summary>Σg and Σgy along a row.</summary>
internal readonly record struct NormalizeSums(float G, float GY) : ISums<NormalizeSums>
{
    public NormalizeSums Plus(NormalizeSums other) => new(G + other.G, GY + other.GY);
}

/// <summary>A group a row; it is read once, and kept in shared memory until it is needed again, each thread keeping what it alone needs.</summary>
internal static class CenterAndNormalizeKernels
{
    /// <summary>16 KB: rows of up to 4096 elements fit whole; of longer ones the rest is read again.</summary>
    private const int MostFours = 1024;

    public static void CenterAndNormalize<TAccess>(CenterAndNormalizeArguments p) where TAccess : struct, IAccess
    {
        ArrayView<Float4> kept = SharedMemory.Allocate<Float4>(MostFours);
        for (int row = Grid.IdxX; row < p.RowCount; row += Grid.DimX)
        {
            SingleSum sum = default;
            for (int j = Group.IdxX; j < p.Rows.Count; j += Group.DimX)
            {
                sum = sum.Plus(new SingleSum(Keep(kept, j, p.Rows.Load<TAccess>(p.X, row, j)).Total));
            }
            Float4 mean = Float4.Of(WholeGroup.Sum(sum).Value / p.Rows.Columns);
            SingleSum squares = default;
            for (int j = Group.IdxX; j < p.Rows.Count; j += Group.DimX)
            {
                Float4 centered = p.Rows.Inside(j, Kept<TAccess>(kept, p.X, p.Rows, row, j) - mean);
                squares = squares.Plus(new SingleSum((centered * centered).Total));
            }
            float r = IntrinsicMath.Min(1f / MathF.Sqrt(WholeGroup.Sum(squares).Value), p.LargestReciprocal);
            for (int j = Group.IdxX; j < p.Rows.Count; j += Group.DimX)
            {
                p.Rows.Store<TAccess>(p.Y, row, j, r * (Kept<TAccess>(kept, p.X, p.Rows, row, j) - mean));
            }
            if (Group.IdxX == 0)
            {
                p.ReciprocalNorm[row] = r;
            }
        }
    }

    public static void CenterAndNormalizeGradient<TAccess>(CenterAndNormalizeGradientArguments p) where TAccess : struct, IAccess
    {
        ArrayView<Float4> keptG = SharedMemory.Allocate<Float4>(MostFours), keptY = SharedMemory.Allocate<Float4>(MostFours);
        for (int row = Grid.IdxX; row < p.RowCount; row += Grid.DimX)
        {
            NormalizeSums sums = default;
            for (int j = Group.IdxX; j < p.Rows.Count; j += Group.DimX)
            {
                Float4 g = Keep(keptG, j, p.Rows.Load<TAccess>(p.OutputCotangent, row, j)), y = Keep(keptY, j, p.Rows.Load<TAccess>(p.Y, row, j));
                sums = sums.Plus(new NormalizeSums(g.Total, (g * y).Total));
            }
            sums = WholeGroup.Sum(sums);
            float r = p.ReciprocalNorm[row], gy = r < p.LargestReciprocal ? sums.GY : 0f;
            Float4 mean = Float4.Of(sums.G / p.Rows.Columns);
            for (int j = Group.IdxX; j < p.Rows.Count; j += Group.DimX)
            {
                Float4 g = Kept<TAccess>(keptG, p.OutputCotangent, p.Rows, row, j), y = Kept<TAccess>(keptY, p.Y, p.Rows, row, j);
                p.Rows.Store<TAccess>(p.XCotangent, row, j, r * (g - mean - (gy * y)));
            }
        }
    }

    private static Float4 Keep(ArrayView<Float4> kept, int four, Float4 values)
    {
        if (four < MostFours)
        {
            kept[four] = values;
        }
        return values;
    }

    private static Float4 Kept<TAccess>(ArrayView<Float4> kept, ArrayView<float> elements, RowsOfFour rows, int row, int four)
        where TAccess : struct, IAccess =>
        four < MostFours ? kept[four] : rows.Load<TAccess>(elements, row, four);
}
