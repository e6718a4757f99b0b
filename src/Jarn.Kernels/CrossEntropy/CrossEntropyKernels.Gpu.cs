using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct CrossEntropyArguments(
    ArrayView<float> Logits, ArrayView<float> Labels, RowGeometry Geometry, ArrayView<float> Loss) : IKernelArguments;

internal readonly record struct CrossEntropyGradientArguments(
    ArrayView<float> Logits, ArrayView<float> Labels, ArrayView<float> LossCotangent, RowGeometry Geometry,
    ArrayView<float> LogitsCotangent) : IKernelArguments;

/// <summary>Σ exp d, Σy and Σ y·d of labels y and d = z − max.</summary>
internal readonly record struct CrossEntropySums(float Exponentials, float Labels, float Weighted) : ISums<CrossEntropySums>
{
    public CrossEntropySums Plus(CrossEntropySums other) =>
        new(Exponentials + other.Exponentials, Labels + other.Labels, Weighted + other.Weighted);

    public static CrossEntropySums Of(float d, float y) => new(MathF.Exp(d), y, y * d);
}

/// <summary>A group a row; the formulas stand at the device's methods.</summary>
internal static class CrossEntropyKernels
{
    /// <summary>Σy·log Σ exp d − Σ y·d with d = z − max.</summary>
    public static void CrossEntropy(CrossEntropyArguments p)
    {
        ArrayView<Maximum> maxima = SharedMemory.Allocate<Maximum>(GpuDevice.GroupSize);
        ArrayView<CrossEntropySums> shared = SharedMemory.Allocate<CrossEntropySums>(GpuDevice.GroupSize);
        int columns = p.Geometry.Columns;
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            int first = row * columns;
            float maximum = SoftmaxKernels.MaximumOfRow(p.Logits, first, columns, maxima);
            CrossEntropySums sums = SumsOfRow(p.Logits, p.Labels, first, columns, maximum, shared);
            if (Group.IdxX == 0)
            {
                p.Loss[row] = (sums.Labels * MathF.Log(sums.Exponentials)) - sums.Weighted;
            }
        }
    }

    public static void CrossEntropyGradient(CrossEntropyGradientArguments p)
    {
        ArrayView<Maximum> maxima = SharedMemory.Allocate<Maximum>(GpuDevice.GroupSize);
        ArrayView<CrossEntropySums> shared = SharedMemory.Allocate<CrossEntropySums>(GpuDevice.GroupSize);
        int columns = p.Geometry.Columns;
        for (int row = Grid.IdxX; row < p.Geometry.Rows; row += Grid.DimX)
        {
            int first = row * columns;
            float maximum = SoftmaxKernels.MaximumOfRow(p.Logits, first, columns, maxima);
            CrossEntropySums sums = SumsOfRow(p.Logits, p.Labels, first, columns, maximum, shared);
            float scale = sums.Labels / sums.Exponentials, g = p.LossCotangent[row];
            for (int j = Group.IdxX; j < columns; j += Group.DimX)
            {
                p.LogitsCotangent[first + j] = g * ((MathF.Exp(p.Logits[first + j] - maximum) * scale) - p.Labels[first + j]);
            }
        }
    }

    private static CrossEntropySums SumsOfRow(
        ArrayView<float> logits, ArrayView<float> labels, int first, int columns, float maximum, ArrayView<CrossEntropySums> shared)
    {
        CrossEntropySums sums = default;
        for (int j = Group.IdxX; j < columns; j += Group.DimX)
        {
            sums = sums.Plus(CrossEntropySums.Of(logits[first + j] - maximum, labels[first + j]));
        }
        return GroupReduction.Sum(sums, shared);
    }
}
