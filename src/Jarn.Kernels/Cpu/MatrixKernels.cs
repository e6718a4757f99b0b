using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>
/// The innermost loops, for one instruction set. Both compute a tile of <see cref="Rows"/> × <see cref="PanelWidth"/> elements in registers;
/// the right factor is packed in panels of that width, so that it is read in sequence.
/// </summary>
internal readonly unsafe struct MatrixKernels
{
    /// <summary>
    /// tile = Σₛ Aₛ·Bₛ, row i of Aₛ standing at rows[s·Rows + i] and Bₛ at panel + segments[s]·depth·PanelWidth. Row i of the tile goes
    /// to outputs[i] + column.
    /// </summary>
    public readonly delegate*<float**, int*, int, int, float*, float**, nint, void> Gather;

    /// <summary>tile += Aᵀ·B with A [depth, Rows] and B [depth, PanelWidth], which have strides, and a tile [Rows, PanelWidth].</summary>
    public readonly delegate*<float*, nint, float*, nint, int, float*, void> OuterProducts;

    private MatrixKernels(
        int rows, int panelWidth,
        delegate*<float**, int*, int, int, float*, float**, nint, void> gather,
        delegate*<float*, nint, float*, nint, int, float*, void> outerProducts)
    {
        Rows = rows;
        PanelWidth = panelWidth;
        Gather = gather;
        OuterProducts = outerProducts;
    }

    public int Rows { get; }

    public int PanelWidth { get; }

    public static MatrixKernels For(CpuInstructionSet instructionSet) => instructionSet switch
    {
        CpuInstructionSet.Avx512 => TwelveByTwo<Simd512, Vector512<float>>(),
        CpuInstructionSet.Avx2 => SixByTwo<Simd256, Vector256<float>>(),
        _ => SixByTwo<Simd128, Vector128<float>>(),
    };

    public int Panels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    public int Tiles(int rows) => (rows + Rows - 1) / Rows;

    private static MatrixKernels SixByTwo<TSimd, TVector>() where TSimd : ISimd<TVector> where TVector : struct =>
        new(6, 2 * TSimd.Width, &SixByTwoKernels<TSimd, TVector>.Gather, &SixByTwoKernels<TSimd, TVector>.OuterProducts);

    private static MatrixKernels TwelveByTwo<TSimd, TVector>() where TSimd : ISimd<TVector> where TVector : struct =>
        new(12, 2 * TSimd.Width, &TwelveByTwoKernels<TSimd, TVector>.Gather, &TwelveByTwoKernels<TSimd, TVector>.OuterProducts);
}

/// <summary>
/// Six rows by two vectors: twelve accumulators, two vectors of the panel and one broadcast fill fifteen of AVX2's sixteen registers,
/// and twelve independent sums cover the latency of two multiply-adds a cycle.
/// </summary>
internal static unsafe class SixByTwoKernels<TSimd, TVector> where TSimd : ISimd<TVector> where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float** rows, int* segments, int count, int depth, float* panel, float** outputs, nint column)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TVector c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (int s = 0; s < count; s++, rows += 6)
        {
            float* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3], a4 = rows[4], a5 = rows[5];
            float* b = panel + ((nint)segments[s] * depth * (2 * TSimd.Width));
            for (nint l = 0; l < depth; l++, b += 2 * TSimd.Width)
            {
                TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Width);
                TVector a = TSimd.Broadcast(a0 + l);
                c00 = TSimd.MultiplyAdd(a, b0, c00);
                c01 = TSimd.MultiplyAdd(a, b1, c01);
                a = TSimd.Broadcast(a1 + l);
                c10 = TSimd.MultiplyAdd(a, b0, c10);
                c11 = TSimd.MultiplyAdd(a, b1, c11);
                a = TSimd.Broadcast(a2 + l);
                c20 = TSimd.MultiplyAdd(a, b0, c20);
                c21 = TSimd.MultiplyAdd(a, b1, c21);
                a = TSimd.Broadcast(a3 + l);
                c30 = TSimd.MultiplyAdd(a, b0, c30);
                c31 = TSimd.MultiplyAdd(a, b1, c31);
                a = TSimd.Broadcast(a4 + l);
                c40 = TSimd.MultiplyAdd(a, b0, c40);
                c41 = TSimd.MultiplyAdd(a, b1, c41);
                a = TSimd.Broadcast(a5 + l);
                c50 = TSimd.MultiplyAdd(a, b0, c50);
                c51 = TSimd.MultiplyAdd(a, b1, c51);
            }
        }
        Store(outputs[0] + column, c00, c01);
        Store(outputs[1] + column, c10, c11);
        Store(outputs[2] + column, c20, c21);
        Store(outputs[3] + column, c30, c31);
        Store(outputs[4] + column, c40, c41);
        Store(outputs[5] + column, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OuterProducts(float* a, nint aStride, float* b, nint bStride, int depth, float* tile)
    {
        TVector c00 = TSimd.Load(tile), c01 = TSimd.Load(tile + TSimd.Width);
        TVector c10 = TSimd.Load(tile + (2 * TSimd.Width)), c11 = TSimd.Load(tile + (3 * TSimd.Width));
        TVector c20 = TSimd.Load(tile + (4 * TSimd.Width)), c21 = TSimd.Load(tile + (5 * TSimd.Width));
        TVector c30 = TSimd.Load(tile + (6 * TSimd.Width)), c31 = TSimd.Load(tile + (7 * TSimd.Width));
        TVector c40 = TSimd.Load(tile + (8 * TSimd.Width)), c41 = TSimd.Load(tile + (9 * TSimd.Width));
        TVector c50 = TSimd.Load(tile + (10 * TSimd.Width)), c51 = TSimd.Load(tile + (11 * TSimd.Width));
        for (int l = 0; l < depth; l++, a += aStride, b += bStride)
        {
            TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Width);
            TVector x = TSimd.Broadcast(a);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a + 1);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a + 2);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a + 3);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Broadcast(a + 4);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Broadcast(a + 5);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
        }
        Store(tile, c00, c01);
        Store(tile + (2 * TSimd.Width), c10, c11);
        Store(tile + (4 * TSimd.Width), c20, c21);
        Store(tile + (6 * TSimd.Width), c30, c31);
        Store(tile + (8 * TSimd.Width), c40, c41);
        Store(tile + (10 * TSimd.Width), c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, TVector first, TVector second)
    {
        TSimd.Store(first, destination);
        TSimd.Store(second, destination + TSimd.Width);
    }
}
