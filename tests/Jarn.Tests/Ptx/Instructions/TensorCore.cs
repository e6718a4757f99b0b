using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Jarn.Tests.Ptx;

/// <summary>
/// mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32: d = a·b + c (PTX ISA, "Matrix Fragments for mma.m16n8k8"). With group = lane / 4 and
/// member = lane % 4 a lane holds
/// a: rows group and group + 8 at k = member, then the same rows at k = member + 4;
/// b: column group at k = member and member + 4;
/// c and d: columns 2·member and 2·member + 1 of row group, then of row group + 8.
/// </summary>
internal sealed class MultiplyMatrices(Register[] d, Register[] a, Register[] b, Register[] c) : Instruction
{
    private const int Rows = 16, Columns = 8, Depth = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        Together.RequireAll(lanes);
        Span<double> left = stackalloc double[Rows * Depth], right = stackalloc double[Depth * Columns], sums = stackalloc double[Rows * Columns];
        for (int lane = 0; lane < Warp.Size; lane++)
        {
            int group = lane / 4, member = lane % 4;
            left[(group * Depth) + member] = Tf32(warp.Lane<uint>(a[0], lane));
            left[((group + 8) * Depth) + member] = Tf32(warp.Lane<uint>(a[1], lane));
            left[(group * Depth) + member + 4] = Tf32(warp.Lane<uint>(a[2], lane));
            left[((group + 8) * Depth) + member + 4] = Tf32(warp.Lane<uint>(a[3], lane));
            right[(member * Columns) + group] = Tf32(warp.Lane<uint>(b[0], lane));
            right[((member + 4) * Columns) + group] = Tf32(warp.Lane<uint>(b[1], lane));
            for (int i = 0; i < c.Length; i++)
            {
                sums[ResultIndex(lane, i)] = warp.Lane<float>(c[i], lane);
            }
        }
        for (int row = 0; row < Rows; row++)
        {
            Vector512<double> sum = Vector512.Create<double>(sums[(row * Columns)..]);
            for (int k = 0; k < Depth; k++)
            {
                sum += left[(row * Depth) + k] * Vector512.Create<double>(right[(k * Columns)..]);
            }
            sum.CopyTo(sums[(row * Columns)..]);
        }
        for (int lane = 0; lane < Warp.Size; lane++)
        {
            for (int i = 0; i < d.Length; i++)
            {
                warp.Lane<float>(d[i], lane) = NarrowToZero.Of(sums[ResultIndex(lane, i)]);
            }
        }
    }

    private static int ResultIndex(int lane, int i) => (((lane / 4) + (i < 2 ? 0 : 8)) * Columns) + (2 * (lane % 4)) + (i % 2);

    /// <summary>
    /// The hardware ignores the lower 13 bits. Products are exact, and sums are cut off rather than rounded, as was measured on A100 (Fasi, Higham,
    /// Mikaitis and Pranesh, "Numerical behavior of NVIDIA tensor cores", 2021).
    /// </summary>
    private static float Tf32(uint bits) => BitConverter.UInt32BitsToSingle(bits & ~0x1FFFu);
}

/// <summary>
/// ldmatrix.sync.aligned.m8n8 of 1, 2 or 4 matrices of 8×8 two-byte elements: eight lanes give the addresses of a matrix's rows of 16 bytes, the
/// first eight of the first one, and each lane receives two neighbours: of row lane / 4, or with .trans of column lane / 4.
/// </summary>
internal sealed class LoadMatrices(Register[] d, Address rows, bool isTransposed) : Instruction
{
    private const int Side = 8, RowBytes = 16;

    public override void Execute(Warp warp, uint lanes)
    {
        Together.RequireAll(lanes);
        Span<ushort> elements = stackalloc ushort[4 * Side * Side];
        for (int lane = 0; lane < Side * d.Length; lane++)
        {
            MemoryMarshal.CreateSpan(ref Unsafe.As<byte, ushort>(ref warp.Group.Shared.Read(warp, lane, rows.Of(warp, lane), RowBytes)), Side)
                .CopyTo(elements[(lane * Side)..]);
        }
        for (int lane = 0; lane < Warp.Size; lane++)
        {
            int line = lane / 4, first = 2 * (lane % 4);
            for (int matrix = 0; matrix < d.Length; matrix++)
            {
                ReadOnlySpan<ushort> from = elements.Slice(matrix * Side * Side, Side * Side);
                (uint low, uint high) = isTransposed
                    ? (from[(first * Side) + line], from[((first + 1) * Side) + line])
                    : (from[(line * Side) + first], from[(line * Side) + first + 1]);
                warp.Lane<uint>(d[matrix], lane) = (high << 16) | low;
            }
        }
    }
}
