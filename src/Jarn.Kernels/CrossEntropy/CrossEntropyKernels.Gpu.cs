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

/// <summary>The formulas stand at the device's methods.</summary>
internal static class CrossEntropyKernels
{
    /// <summary>Σy·log Σ exp d − Σ y·d with d = z − max.</summary>
    public static void CrossEntropy<TTeam>(CrossEntropyArguments p) where TTeam : struct, ITeam
    {
        int columns = p.Geometry.Columns;
        for (long row = TTeam.Index; row < p.Geometry.Rows; row += TTeam.Teams)
        {
            int first = (int)row * columns;
            float maximum = SoftmaxKernels.MaximumOfRow<TTeam>(p.Logits, first, columns);
            CrossEntropySums sums = SumsOfRow<TTeam>(p.Logits, p.Labels, first, columns, maximum);
            if (TTeam.Member == 0)
            {
                p.Loss[row] = (sums.Labels * MathF.Log(sums.Exponentials)) - sums.Weighted;
            }
        }
    }

    public static void CrossEntropyGradient<TTeam>(CrossEntropyGradientArguments p) where TTeam : struct, ITeam
    {
        int columns = p.Geometry.Columns;
        for (long row = TTeam.Index; row < p.Geometry.Rows; row += TTeam.Teams)
        {
            int first = (int)row * columns;
            float maximum = SoftmaxKernels.MaximumOfRow<TTeam>(p.Logits, first, columns);
            CrossEntropySums sums = SumsOfRow<TTeam>(p.Logits, p.Labels, first, columns, maximum);
            float scale = sums.Labels / sums.Exponentials, g = p.LossCotangent[row];
            for (int j = TTeam.Member; j < columns; j += TTeam.Members)
            {
                p.LogitsCotangent[first + j] = g * ((MathF.Exp(p.Logits[first + j] - maximum) * scale) - p.Labels[first + j]);
            }
        }
    }

    private static CrossEntropySums SumsOfRow<TTeam>(ArrayView<float> logits, ArrayView<float> labels, int first, int columns, float maximum)
        where TTeam : struct, ITeam
    {
        CrossEntropySums sums = default;
        for (int j = TTeam.Member; j < columns; j += TTeam.Members)
        {
            sums = sums.Plus(CrossEntropySums.Of(logits[first + j] - maximum, labels[first + j]));
        }
        return TTeam.Sum(sums);
    }
}
