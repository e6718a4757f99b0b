using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <summary>
/// Twelve rows by two vectors: twenty-four accumulators, two vectors of the panel and one broadcast, where there are thirty-two registers. Each
/// vector of the panel serves twice as many rows as in <see cref="SixByTwoKernels{TSimd,TVector}"/>, which halves the panel's loads.
/// </summary>
internal static unsafe class TwelveByTwoKernels<TSimd, TVector> where TSimd : ISimd<TVector> where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float** rows, int* segments, int count, int depth, float* panel, float** outputs, nint column)
    {
        TVector c000 = default, c001 = default, c010 = default, c011 = default, c020 = default, c021 = default;
        TVector c030 = default, c031 = default, c040 = default, c041 = default, c050 = default, c051 = default;
        TVector c060 = default, c061 = default, c070 = default, c071 = default, c080 = default, c081 = default;
        TVector c090 = default, c091 = default, c100 = default, c101 = default, c110 = default, c111 = default;
        for (int s = 0; s < count; s++, rows += 12)
        {
            float* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3], a4 = rows[4], a5 = rows[5];
            float* a6 = rows[6], a7 = rows[7], a8 = rows[8], a9 = rows[9], a10 = rows[10], a11 = rows[11];
            float* b = panel + ((nint)segments[s] * depth * (2 * TSimd.Width));
            for (nint l = 0; l < depth; l++, b += 2 * TSimd.Width)
            {
                TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Width);
                TVector a = TSimd.Broadcast(a0 + l);
                c000 = TSimd.MultiplyAdd(a, b0, c000);
                c001 = TSimd.MultiplyAdd(a, b1, c001);
                a = TSimd.Broadcast(a1 + l);
                c010 = TSimd.MultiplyAdd(a, b0, c010);
                c011 = TSimd.MultiplyAdd(a, b1, c011);
                a = TSimd.Broadcast(a2 + l);
                c020 = TSimd.MultiplyAdd(a, b0, c020);
                c021 = TSimd.MultiplyAdd(a, b1, c021);
                a = TSimd.Broadcast(a3 + l);
                c030 = TSimd.MultiplyAdd(a, b0, c030);
                c031 = TSimd.MultiplyAdd(a, b1, c031);
                a = TSimd.Broadcast(a4 + l);
                c040 = TSimd.MultiplyAdd(a, b0, c040);
                c041 = TSimd.MultiplyAdd(a, b1, c041);
                a = TSimd.Broadcast(a5 + l);
                c050 = TSimd.MultiplyAdd(a, b0, c050);
                c051 = TSimd.MultiplyAdd(a, b1, c051);
                a = TSimd.Broadcast(a6 + l);
                c060 = TSimd.MultiplyAdd(a, b0, c060);
                c061 = TSimd.MultiplyAdd(a, b1, c061);
                a = TSimd.Broadcast(a7 + l);
                c070 = TSimd.MultiplyAdd(a, b0, c070);
                c071 = TSimd.MultiplyAdd(a, b1, c071);
                a = TSimd.Broadcast(a8 + l);
                c080 = TSimd.MultiplyAdd(a, b0, c080);
                c081 = TSimd.MultiplyAdd(a, b1, c081);
                a = TSimd.Broadcast(a9 + l);
                c090 = TSimd.MultiplyAdd(a, b0, c090);
                c091 = TSimd.MultiplyAdd(a, b1, c091);
                a = TSimd.Broadcast(a10 + l);
                c100 = TSimd.MultiplyAdd(a, b0, c100);
                c101 = TSimd.MultiplyAdd(a, b1, c101);
                a = TSimd.Broadcast(a11 + l);
                c110 = TSimd.MultiplyAdd(a, b0, c110);
                c111 = TSimd.MultiplyAdd(a, b1, c111);
            }
        }
        Store(outputs[0] + column, c000, c001);
        Store(outputs[1] + column, c010, c011);
        Store(outputs[2] + column, c020, c021);
        Store(outputs[3] + column, c030, c031);
        Store(outputs[4] + column, c040, c041);
        Store(outputs[5] + column, c050, c051);
        Store(outputs[6] + column, c060, c061);
        Store(outputs[7] + column, c070, c071);
        Store(outputs[8] + column, c080, c081);
        Store(outputs[9] + column, c090, c091);
        Store(outputs[10] + column, c100, c101);
        Store(outputs[11] + column, c110, c111);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OuterProducts(float* a, nint aStride, float* b, nint bStride, int depth, float* tile)
    {
        TVector c000 = TSimd.Load(tile), c001 = TSimd.Load(tile + TSimd.Width);
        TVector c010 = TSimd.Load(tile + (2 * TSimd.Width)), c011 = TSimd.Load(tile + (3 * TSimd.Width));
        TVector c020 = TSimd.Load(tile + (4 * TSimd.Width)), c021 = TSimd.Load(tile + (5 * TSimd.Width));
        TVector c030 = TSimd.Load(tile + (6 * TSimd.Width)), c031 = TSimd.Load(tile + (7 * TSimd.Width));
        TVector c040 = TSimd.Load(tile + (8 * TSimd.Width)), c041 = TSimd.Load(tile + (9 * TSimd.Width));
        TVector c050 = TSimd.Load(tile + (10 * TSimd.Width)), c051 = TSimd.Load(tile + (11 * TSimd.Width));
        TVector c060 = TSimd.Load(tile + (12 * TSimd.Width)), c061 = TSimd.Load(tile + (13 * TSimd.Width));
        TVector c070 = TSimd.Load(tile + (14 * TSimd.Width)), c071 = TSimd.Load(tile + (15 * TSimd.Width));
        TVector c080 = TSimd.Load(tile + (16 * TSimd.Width)), c081 = TSimd.Load(tile + (17 * TSimd.Width));
        TVector c090 = TSimd.Load(tile + (18 * TSimd.Width)), c091 = TSimd.Load(tile + (19 * TSimd.Width));
        TVector c100 = TSimd.Load(tile + (20 * TSimd.Width)), c101 = TSimd.Load(tile + (21 * TSimd.Width));
        TVector c110 = TSimd.Load(tile + (22 * TSimd.Width)), c111 = TSimd.Load(tile + (23 * TSimd.Width));
        for (int l = 0; l < depth; l++, a += aStride, b += bStride)
        {
            TVector b0 = TSimd.Load(b), b1 = TSimd.Load(b + TSimd.Width);
            TVector x = TSimd.Broadcast(a);
            c000 = TSimd.MultiplyAdd(x, b0, c000);
            c001 = TSimd.MultiplyAdd(x, b1, c001);
            x = TSimd.Broadcast(a + 1);
            c010 = TSimd.MultiplyAdd(x, b0, c010);
            c011 = TSimd.MultiplyAdd(x, b1, c011);
            x = TSimd.Broadcast(a + 2);
            c020 = TSimd.MultiplyAdd(x, b0, c020);
            c021 = TSimd.MultiplyAdd(x, b1, c021);
            x = TSimd.Broadcast(a + 3);
            c030 = TSimd.MultiplyAdd(x, b0, c030);
            c031 = TSimd.MultiplyAdd(x, b1, c031);
            x = TSimd.Broadcast(a + 4);
            c040 = TSimd.MultiplyAdd(x, b0, c040);
            c041 = TSimd.MultiplyAdd(x, b1, c041);
            x = TSimd.Broadcast(a + 5);
            c050 = TSimd.MultiplyAdd(x, b0, c050);
            c051 = TSimd.MultiplyAdd(x, b1, c051);
            x = TSimd.Broadcast(a + 6);
            c060 = TSimd.MultiplyAdd(x, b0, c060);
            c061 = TSimd.MultiplyAdd(x, b1, c061);
            x = TSimd.Broadcast(a + 7);
            c070 = TSimd.MultiplyAdd(x, b0, c070);
            c071 = TSimd.MultiplyAdd(x, b1, c071);
            x = TSimd.Broadcast(a + 8);
            c080 = TSimd.MultiplyAdd(x, b0, c080);
            c081 = TSimd.MultiplyAdd(x, b1, c081);
            x = TSimd.Broadcast(a + 9);
            c090 = TSimd.MultiplyAdd(x, b0, c090);
            c091 = TSimd.MultiplyAdd(x, b1, c091);
            x = TSimd.Broadcast(a + 10);
            c100 = TSimd.MultiplyAdd(x, b0, c100);
            c101 = TSimd.MultiplyAdd(x, b1, c101);
            x = TSimd.Broadcast(a + 11);
            c110 = TSimd.MultiplyAdd(x, b0, c110);
            c111 = TSimd.MultiplyAdd(x, b1, c111);
        }
        Store(tile, c000, c001);
        Store(tile + (2 * TSimd.Width), c010, c011);
        Store(tile + (4 * TSimd.Width), c020, c021);
        Store(tile + (6 * TSimd.Width), c030, c031);
        Store(tile + (8 * TSimd.Width), c040, c041);
        Store(tile + (10 * TSimd.Width), c050, c051);
        Store(tile + (12 * TSimd.Width), c060, c061);
        Store(tile + (14 * TSimd.Width), c070, c071);
        Store(tile + (16 * TSimd.Width), c080, c081);
        Store(tile + (18 * TSimd.Width), c090, c091);
        Store(tile + (20 * TSimd.Width), c100, c101);
        Store(tile + (22 * TSimd.Width), c110, c111);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, TVector first, TVector second)
    {
        TSimd.Store(first, destination);
        TSimd.Store(second, destination + TSimd.Width);
    }
}
