using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct RowArguments(ArrayView<float> X, RowGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

/// <summary>A group a row; its size is a power of two, at most <see cref="GpuDevice.GroupSize"/>.</summary>
internal static class SoftmaxKernels
{
    public static void LogSumExp(RowArguments p)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(GpuDevice.GroupSize);
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            float normalizer = LogSumExp(p.X, row * p.Geometry.Columns, p.Geometry.Columns, shared);
            if (Group.IdxX == 0)
            {
                p.Y[row] = normalizer;
            }
        }
    }

    public static void Softmax(RowArguments p)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(GpuDevice.GroupSize);
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            int first = row * p.Geometry.Columns;
            float normalizer = LogSumExp(p.X, first, p.Geometry.Columns, shared);
            for (int j = Group.IdxX; j < p.Geometry.Columns; j += Group.DimX)
            {
                p.Y[first + j] = MathF.Exp(p.X[first + j] - normalizer);
            }
        }
    }

    /// <summary>max + log Σ exp(x − max), known to every thread of the group.</summary>
    private static float LogSumExp(ArrayView<float> x, int first, int columns, ArrayView<float> shared)
    {
        int thread = Group.IdxX;
        float maximum = float.NegativeInfinity;
        for (int j = thread; j < columns; j += Group.DimX)
        {
            maximum = IntrinsicMath.Max(maximum, x[first + j]);
        }
        shared[thread] = maximum;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] = IntrinsicMath.Max(shared[thread], shared[thread + half]);
            }
            Group.Barrier();
        }
        maximum = shared[0];
        Group.Barrier();
        float sum = 0f;
        for (int j = thread; j < columns; j += Group.DimX)
        {
            sum += MathF.Exp(x[first + j] - maximum);
        }
        shared[thread] = sum;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] += shared[thread + half];
            }
            Group.Barrier();
        }
        sum = shared[0];
        Group.Barrier();
        return maximum + MathF.Log(sum);
    }
}
