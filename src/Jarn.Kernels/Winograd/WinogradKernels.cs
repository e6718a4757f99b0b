using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>The transforms of F(m×m, r×r), for one instruction set. Each works on vectors of channels, one after the other.</summary>
internal readonly unsafe struct WinogradKernels
{
    /// <summary>
    /// V = Bᵀ·d·B: from the tile's pixels, (m+r−1)² pointers, at a channel on, as many vectors as asked for. The frequencies' results
    /// stand a stride apart. Needs a workspace of (m+r−1)² vectors, as the others do.
    /// </summary>
    public readonly delegate*<float**, nint, int, float*, float*, nint, void> Input;

    /// <summary>U = G·g·Gᵀ: the r×r taps stand a stride apart, and so do the frequencies' results.</summary>
    public readonly delegate*<float*, nint, int, float*, float*, nint, void> Filter;

    /// <summary>y = Aᵀ·p·A: to m×m pixels, at a channel on.</summary>
    public readonly delegate*<float*, nint, int, float*, float**, nint, void> Output;

    /// <summary>Z = A·ȳ·Aᵀ: from m×m pixels, as the input's.</summary>
    public readonly delegate*<float**, nint, int, float*, float*, nint, void> OutputCotangent;

    /// <summary>ḡ = Gᵀ·p·G: the frequencies stand a stride apart, and so do the r×r taps.</summary>
    public readonly delegate*<float*, nint, int, float*, float*, nint, void> FilterCotangent;

    private WinogradKernels(
        int outputs, int taps, int width, delegate*<float**, nint, int, float*, float*, nint, void> input,
        delegate*<float*, nint, int, float*, float*, nint, void> filter, delegate*<float*, nint, int, float*, float**, nint, void> output,
        delegate*<float**, nint, int, float*, float*, nint, void> outputCotangent,
        delegate*<float*, nint, int, float*, float*, nint, void> filterCotangent)
    {
        Outputs = outputs;
        Taps = taps;
        Width = width;
        Input = input;
        Filter = filter;
        Output = output;
        OutputCotangent = outputCotangent;
        FilterCotangent = filterCotangent;
    }

    /// <summary>m, the outputs along a tile's edge.</summary>
    public int Outputs { get; }

    /// <summary>r, the taps along the filter's edge.</summary>
    public int Taps { get; }

    /// <summary>The length of a tile's edge, m + r − 1.</summary>
    public int Size => Outputs + Taps - 1;

    public int Frequencies => Size * Size;

    /// <summary>Floats in a vector register.</summary>
    public int Width { get; }

    public static WinogradKernels FourByThree(CpuInstructionSet instructionSet) => instructionSet switch
    {
        CpuInstructionSet.Avx512 => Of<FourByThree<Simd512, Vector512<float>>, Simd512, Vector512<float>>(),
        CpuInstructionSet.Avx2 => Of<FourByThree<Simd256, Vector256<float>>, Simd256, Vector256<float>>(),
        _ => Of<FourByThree<Simd128, Vector128<float>>, Simd128, Vector128<float>>(),
    };

    public static WinogradKernels FourByTwo(CpuInstructionSet instructionSet) => instructionSet switch
    {
        CpuInstructionSet.Avx512 => Of<FourByTwo<Simd512, Vector512<float>>, Simd512, Vector512<float>>(),
        CpuInstructionSet.Avx2 => Of<FourByTwo<Simd256, Vector256<float>>, Simd256, Vector256<float>>(),
        _ => Of<FourByTwo<Simd128, Vector128<float>>, Simd128, Vector128<float>>(),
    };

    private static WinogradKernels Of<TFiltering, TSimd, TVector>()
        where TFiltering : struct, IMinimalFiltering<TVector> where TSimd : ISimd<TVector> where TVector : struct => new(
            TFiltering.Outputs, TFiltering.Taps, TSimd.Width, &WinogradTransforms<TFiltering, TSimd, TVector>.Input,
            &WinogradTransforms<TFiltering, TSimd, TVector>.Filter, &WinogradTransforms<TFiltering, TSimd, TVector>.Output,
            &WinogradTransforms<TFiltering, TSimd, TVector>.OutputCotangent, &WinogradTransforms<TFiltering, TSimd, TVector>.FilterCotangent);
}

/// <summary>A one-dimensional transform on the columns of a tile, then on the rows of what comes out.</summary>
internal static unsafe class WinogradTransforms<TFiltering, TSimd, TVector>
    where TFiltering : struct, IMinimalFiltering<TVector> where TSimd : ISimd<TVector> where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** pixels, nint channel, int vectors, float* workspace, float* result, nint stride)
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1, width = TSimd.Width;
        for (; vectors > 0; vectors--, channel += width, result += width)
        {
            for (int column = 0; column < size; column++)
            {
                TFiltering.TransformInput(new PixelLine(pixels + column, size, channel), new StridedLine(workspace + (column * width), size * width));
            }
            for (int row = 0; row < size; row++)
            {
                TFiltering.TransformInput(
                    new StridedLine(workspace + (row * size * width), width), new StridedLine(result + (row * size * stride), stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(float* taps, nint tapStride, int vectors, float* workspace, float* result, nint stride)
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1, width = TSimd.Width;
        for (; vectors > 0; vectors--, taps += width, result += width)
        {
            for (int column = 0; column < TFiltering.Taps; column++)
            {
                TFiltering.TransformFilter(
                    new StridedLine(taps + (column * tapStride), TFiltering.Taps * tapStride),
                    new StridedLine(workspace + (column * width), TFiltering.Taps * width));
            }
            for (int row = 0; row < size; row++)
            {
                TFiltering.TransformFilter(
                    new StridedLine(workspace + (row * TFiltering.Taps * width), width), new StridedLine(result + (row * size * stride), stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* products, nint stride, int vectors, float* workspace, float** pixels, nint channel)
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1, width = TSimd.Width;
        for (; vectors > 0; vectors--, products += width, channel += width)
        {
            for (int column = 0; column < size; column++)
            {
                TFiltering.TransformOutput(
                    new StridedLine(products + (column * stride), size * stride), new StridedLine(workspace + (column * width), size * width));
            }
            for (int row = 0; row < TFiltering.Outputs; row++)
            {
                TFiltering.TransformOutput(
                    new StridedLine(workspace + (row * size * width), width), new PixelLine(pixels + (row * TFiltering.Outputs), 1, channel));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputCotangent(float** pixels, nint channel, int vectors, float* workspace, float* result, nint stride)
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1, outputs = TFiltering.Outputs, width = TSimd.Width;
        for (; vectors > 0; vectors--, channel += width, result += width)
        {
            for (int column = 0; column < outputs; column++)
            {
                TFiltering.TransformOutputCotangent(
                    new PixelLine(pixels + column, outputs, channel), new StridedLine(workspace + (column * width), outputs * width));
            }
            for (int row = 0; row < size; row++)
            {
                TFiltering.TransformOutputCotangent(
                    new StridedLine(workspace + (row * outputs * width), width), new StridedLine(result + (row * size * stride), stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterCotangent(float* products, nint stride, int vectors, float* workspace, float* taps, nint tapStride)
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1, width = TSimd.Width;
        for (; vectors > 0; vectors--, products += width, taps += width)
        {
            for (int column = 0; column < size; column++)
            {
                TFiltering.TransformToFilterCotangent(
                    new StridedLine(products + (column * stride), size * stride), new StridedLine(workspace + (column * width), size * width));
            }
            for (int row = 0; row < TFiltering.Taps; row++)
            {
                TFiltering.TransformToFilterCotangent(
                    new StridedLine(workspace + (row * size * width), width), new StridedLine(taps + (row * TFiltering.Taps * tapStride), tapStride));
            }
        }
    }

    /// <summary>Vectors at equal distances.</summary>
    private readonly struct StridedLine(float* first, nint stride) : IVectorLine<TVector>
    {
        public TVector this[int i]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => TSimd.Load(first + (i * stride));
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            set => TSimd.Store(value, first + (i * stride));
        }
    }

    /// <summary>A vector of channels of each of some pixels.</summary>
    private readonly struct PixelLine(float** first, int step, nint channel) : IVectorLine<TVector>
    {
        public TVector this[int i]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => TSimd.Load(first[i * step] + channel);
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            set => TSimd.Store(value, first[i * step] + channel);
        }
    }
}
