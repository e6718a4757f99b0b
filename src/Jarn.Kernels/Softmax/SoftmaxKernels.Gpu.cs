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
    public static void Softmax<TTeam>(SoftmaxArguments p) where TTeam : struct, ITeam
    {
        int columns = p.Geometry.Columns;
        for (long row = TTeam.Index; row < p.Geometry.Rows; row += TTeam.Teams)
        {
            int first = (int)row * columns;
            float maximum = MaximumOfRow<TTeam>(p.X, first, columns);
            SingleSum sum = default;
            for (int j = TTeam.Member; j < columns; j += TTeam.Members)
            {
                sum = sum.Plus(new SingleSum(MathF.Exp(p.X[first + j] - maximum)));
            }
            float scale = 1f / TTeam.Sum(sum).Value;
            for (int j = TTeam.Member; j < columns; j += TTeam.Members)
            {
                p.Y[first + j] = MathF.Exp(p.X[first + j] - maximum) * scale;
            }
        }
    }

    public static void SoftmaxGradient<TTeam>(SoftmaxGradientArguments p) where TTeam : struct, ITeam
    {
        int columns = p.Geometry.Columns;
        for (long row = TTeam.Index; row < p.Geometry.Rows; row += TTeam.Teams)
        {
            int first = (int)row * columns;
            SingleSum sum = default;
            for (int j = TTeam.Member; j < columns; j += TTeam.Members)
            {
                sum = sum.Plus(new SingleSum(p.OutputCotangent[first + j] * p.Y[first + j]));
            }
            float gy = TTeam.Sum(sum).Value;
            for (int j = TTeam.Member; j < columns; j += TTeam.Members)
            {
                p.XCotangent[first + j] = p.Y[first + j] * (p.OutputCotangent[first + j] - gy);
            }
        }
    }

    public static float MaximumOfRow<TTeam>(ArrayView<float> x, int first, int columns) where TTeam : struct, ITeam
    {
        Maximum maximum = new(float.NegativeInfinity);
        for (int j = TTeam.Member; j < columns; j += TTeam.Members)
        {
            maximum = maximum.Plus(new Maximum(x[first + j]));
        }
        return TTeam.Sum(maximum).Value;
    }
}
