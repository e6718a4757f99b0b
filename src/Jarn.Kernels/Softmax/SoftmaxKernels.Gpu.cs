using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct SoftmaxArguments(ArrayView<float> X, RowGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

internal readonly record struct SoftmaxGradientArguments(
    ArrayView<float> Y, ArrayView<float> OutputCotangent, RowGeometry Geometry, ArrayView<float> XCotangent) : IKernelArguments;

/// <summary>A maximum, reduced as sums are: the larger of two is their "sum".</summary>
internal readonly record struct Maximum(float Value) : ISums<Maximum>
{
    public Maximum Plus(Maximum other) => new(IntrinsicMath.Max(Value, other.Value));
}

internal static class SoftmaxKernels
{
    public static void Softmax(SoftmaxArguments p)
    {
        ArrayView<Maximum> maxima = SharedMemory.Allocate<Maximum>(GpuDevice.GroupSize);
        ArrayView<SingleSum> shared = SharedMemory.Allocate<SingleSum>(GpuDevice.GroupSize);
        int columns = p.Geometry.Columns;
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            int first = row * columns;
            float maximum = MaximumOfRow(p.X, first, columns, maxima);
            SingleSum sum = default;
            for (int j = Group.IdxX; j < columns; j += Group.DimX)
            {
                sum = sum.Plus(new SingleSum(MathF.Exp(p.X[first + j] - maximum)));
            }
            float scale = 1f / GroupReduction.Sum(sum, shared).Value;
            for (int j = Group.IdxX; j < columns; j += Group.DimX)
            {
                p.Y[first + j] = MathF.Exp(p.X[first + j] - maximum) * scale;
            }
        }
    }

    public static void SoftmaxGradient(SoftmaxGradientArguments p)
    {
        ArrayView<SingleSum> shared = SharedMemory.Allocate<SingleSum>(GpuDevice.GroupSize);
        int columns = p.Geometry.Columns;
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            int first = row * columns;
            SingleSum sum = default;
            for (int j = Group.IdxX; j < columns; j += Group.DimX)
            {
                sum = sum.Plus(new SingleSum(p.OutputCotangent[first + j] * p.Y[first + j]));
            }
            float gy = GroupReduction.Sum(sum, shared).Value;
            for (int j = Group.IdxX; j < columns; j += Group.DimX)
            {
                p.XCotangent[first + j] = p.Y[first + j] * (p.OutputCotangent[first + j] - gy);
            }
        }
    }

    public static float MaximumOfRow(ArrayView<float> x, int first, int columns, ArrayView<Maximum> shared)
    {
        Maximum maximum = new(float.NegativeInfinity);
        for (int j = Group.IdxX; j < columns; j += Group.DimX)
        {
            maximum = maximum.Plus(new Maximum(x[first + j]));
        }
        return GroupReduction.Sum(maximum, shared).Value;
    }
}
