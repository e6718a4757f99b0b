using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct CenterAndNormalizeArguments(
    ArrayView<float> X, int Rows, int Columns, float LargestReciprocal, ArrayView<float> Y, ArrayView<float> ReciprocalNorm) : IKernelArguments;

internal readonly record struct CenterAndNormalizeGradientArguments(
    ArrayView<float> Y, ArrayView<float> ReciprocalNorm, ArrayView<float> OutputCotangent, int Rows, int Columns, float LargestReciprocal,
    ArrayView<float> XCotangent) : IKernelArguments;

/// <summary>A group a row.</summary>
internal static class CenterAndNormalizeKernels
{
    public static void CenterAndNormalize(CenterAndNormalizeArguments p)
    {
        ArrayView<SingleSum> shared = SharedMemory.Allocate<SingleSum>(GpuDevice.GroupSize);
        for (int row = Grid.IdxX; row < p.Rows; row += Grid.DimX)
        {
            int first = row * p.Columns;
            SingleSum sum = default;
            for (int j = Group.IdxX; j < p.Columns; j += Group.DimX)
            {
                sum = sum.Plus(new SingleSum(p.X[first + j]));
            }
            float mean = GroupReduction.Sum(sum, shared).Value / p.Columns;
            SingleSum squares = default;
            for (int j = Group.IdxX; j < p.Columns; j += Group.DimX)
            {
                float centered = p.X[first + j] - mean;
                squares = squares.Plus(new SingleSum(centered * centered));
            }
            float r = IntrinsicMath.Min(1f / MathF.Sqrt(GroupReduction.Sum(squares, shared).Value), p.LargestReciprocal);
            for (int j = Group.IdxX; j < p.Columns; j += Group.DimX)
            {
                p.Y[first + j] = (p.X[first + j] - mean) * r;
            }
            if (Group.IdxX == 0)
            {
                p.ReciprocalNorm[row] = r;
            }
        }
    }

    public static void CenterAndNormalizeGradient(CenterAndNormalizeGradientArguments p)
    {
        ArrayView<GradientSums> shared = SharedMemory.Allocate<GradientSums>(GpuDevice.GroupSize);
        for (int row = Grid.IdxX; row < p.Rows; row += Grid.DimX)
        {
            int first = row * p.Columns;
            GradientSums sums = default;
            for (int j = Group.IdxX; j < p.Columns; j += Group.DimX)
            {
                float g = p.OutputCotangent[first + j];
                sums = sums.Plus(new GradientSums(g, g * p.Y[first + j]));
            }
            sums = GroupReduction.Sum(sums, shared);
            float r = p.ReciprocalNorm[row], mean = sums.G / p.Columns, gy = r < p.LargestReciprocal ? sums.GX : 0f;
            for (int j = Group.IdxX; j < p.Columns; j += Group.DimX)
            {
                p.XCotangent[first + j] = r * (p.OutputCotangent[first + j] - mean - (p.Y[first + j] * gy));
            }
        }
    }
}
