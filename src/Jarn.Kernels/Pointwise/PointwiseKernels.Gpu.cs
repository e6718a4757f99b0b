using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct FillArguments(float Value, ArrayView<Float4> Y) : IKernelArguments;

internal readonly record struct MapArguments<TFunction>(TFunction Function, ArrayView<Float4> X, ArrayView<Float4> Y) : IKernelArguments;

internal readonly record struct ZipArguments<TFunction>(
    TFunction Function, ArrayView<Float4> X, ArrayView<Float4> S, ArrayView<Float4> Y) : IKernelArguments;

internal readonly record struct ZipRepeatedArguments<TFunction>(
    TFunction Function, ArrayView<Float4> X, RepeatedOperand S, ArrayView<Float4> Y) : IKernelArguments;

internal static class PointwiseKernels
{
    public static void Fill(FillArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = Float4.Of(p.Value);
        }
    }

    public static void Map<TFunction>(MapArguments<TFunction> p) where TFunction : unmanaged, IUnaryFunction
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = Float4.Map(p.Function, p.X[i]);
        }
    }

    public static void Zip<TFunction>(ZipArguments<TFunction> p) where TFunction : unmanaged, IBinaryFunction
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = Float4.Zip(p.Function, p.X[i], p.S[i]);
        }
    }

    public static void ZipRepeated<TFunction>(ZipRepeatedArguments<TFunction> p) where TFunction : unmanaged, IBinaryFunction
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            p.Y[i] = Float4.Zip(p.Function, p.X[i], p.S.At((int)i));
        }
    }
}
