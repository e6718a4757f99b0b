using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct FillArguments(float Value, ArrayView<float> Y) : IKernelArguments;

internal readonly record struct MapArguments<TFunction>(TFunction Function, ArrayView<float> X, ArrayView<float> Y) : IKernelArguments;

internal readonly record struct ZipArguments<TFunction>(
    TFunction Function, ArrayView<float> X, ArrayView<float> S, AxisGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

internal static class PointwiseKernels
{
    public static void Fill(FillArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = p.Value;
        }
    }

    public static void Map<TFunction>(MapArguments<TFunction> p) where TFunction : unmanaged, IUnaryFunction
    {
        TFunction function = p.Function;
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = function.Invoke(p.X[i]);
        }
    }

    /// <summary>s as long as x.</summary>
    public static void ZipElementwise<TFunction>(ZipArguments<TFunction> p) where TFunction : unmanaged, IBinaryFunction
    {
        TFunction function = p.Function;
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = function.Invoke(p.X[i], p.S[i]);
        }
    }

    public static void ZipRepeated<TFunction>(ZipArguments<TFunction> p) where TFunction : unmanaged, IBinaryFunction
    {
        TFunction function = p.Function;
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = function.Invoke(p.X[i], p.S[ReduceKernels.ReducedIndex((int)i, p.Geometry)]);
        }
    }
}
