using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>
/// An operand on its way through shared memory into registers, sixteen terms at 128 or 64 outer indices at a time. They lie there in rows as
/// in global memory, in chunks of four floats whose places are permuted so that neither copies nor loads meet in a bank.
/// </summary>
/// <remarks>
/// Rows of terms are 64 bytes, two to a line of the 32 banks: chunk q of row m lies at q ⊕ (m/2 mod 4), and the chunks q of eight rows, which
/// ldmatrix reads at once, at eight places of a line. Rows of outer indices are whole lines: chunk q of term k lies at q ⊕ 2(k mod 4), and eight
/// outer indices at four terms, which a warp loads at once, in 32 banks.
/// </remarks>
/// <param name="Operand">Its runs are multiples of four.</param>
/// <param name="Address">The address of its first element.</param>
/// <param name="Extent">Outer indices of the tile.</param>
/// <param name="Count">
/// How many of these the operand has, from the first that this thread copies. Zeros stand beyond them, as beyond the terms.
/// </param>
/// <param name="Terms">The operand's term behind the last one to be copied.</param>
/// <param name="At0">The outer index of the first chunk that this thread copies, taken apart; the others lie <see cref="Stride"/> apart.</param>
internal readonly record struct StagedOperand<TOperand>(
    TOperand Operand, long Address, int Extent, int Count, int Terms, Coordinates At0, Coordinates At1, Coordinates At2, Coordinates At3)
    where TOperand : struct, IOperand
{
    private const int TermRowBytes = TensorProductKernels.Depth * sizeof(float), ChunkBytes = 16;

    private const int Stride = 32;

    /// <summary>In rows of terms, the bit in which places of the tile's first and other eight terms differ.</summary>
    public const uint OtherTerms = 2 * ChunkBytes;

    /// <param name="first">The outer index where the tile begins.</param>
    /// <param name="outerCount">Outer indices of the whole operand.</param>
    public StagedOperand(TOperand operand, long address, int extent, int first, int outerCount, int terms) : this(
        operand, address, extent, outerCount - first - FirstOuter, terms, operand.Outer(first + FirstOuter),
        operand.Outer(first + FirstOuter + Stride), operand.Outer(first + FirstOuter + (2 * Stride)),
        operand.Outer(first + FirstOuter + (3 * Stride)))
    {
    }

    private static int FirstOuter => TOperand.SummedIsContiguous ? Group.IdxX >> 2 : 4 * (Group.IdxX & 7);

    /// <summary>Behind the tile's first term, that of the thread's chunks.</summary>
    public static int FirstTerm => TOperand.SummedIsContiguous ? 4 * (Group.IdxX & 3) : Group.IdxX >> 3;

    /// <summary>Where the thread's first chunk goes, in bytes behind the tile's first.</summary>
    public uint FirstPlace => TOperand.SummedIsContiguous
        ? ChunkOfTerms(Group.IdxX >> 2, Group.IdxX & 3) : ChunkOfOuter(Group.IdxX >> 3, Group.IdxX & 7);

    /// <summary>Bytes of a term in rows of outer indices.</summary>
    public uint TermBytes => (uint)(Extent * sizeof(float));

    /// <summary>Starts this thread's part of the copy: eight threads copy one term's chunks, or four threads a row's.</summary>
    /// <param name="term">Of the thread's chunks.</param>
    /// <param name="to">Byte in the stages where the first goes.</param>
    public void Copy(int term, uint to)
    {
        const uint RowStep = Stride * TermRowBytes, ChunkStep = Stride * sizeof(float);
        uint step = TOperand.SummedIsContiguous ? RowStep : ChunkStep;
        int left = term < Terms ? Count : 0;
        Coordinates summed = Operand.Summed(term);
        Copy(At0, summed, left > 0, to);
        Copy(At1, summed, left > Stride, to + step);
        if (Extent > 2 * Stride)
        {
            Copy(At2, summed, left > 2 * Stride, to + (2 * step));
            Copy(At3, summed, left > 3 * Stride, to + (3 * step));
        }
    }

    /// <summary>Where this lane begins to load the left part of its warp, in bytes behind the tile's first.</summary>
    /// <param name="first">Outer index in the tile, a multiple of 32.</param>
    public uint LaneOfLeft(int first)
    {
        int lane = Group.IdxX & 31;
        return TOperand.SummedIsContiguous ? ChunkOfTerms(first + (lane & 15), lane >> 4) : InOuterRows(first, lane);
    }

    /// <summary>The same for its right part: of what ldmatrix reads, the terms come first.</summary>
    public uint LaneOfRight(int first)
    {
        int lane = Group.IdxX & 31;
        return TOperand.SummedIsContiguous ? ChunkOfTerms(first + (lane & 7) + (lane >> 4 << 3), (lane >> 3) & 1) : InOuterRows(first, lane);
    }

    private static uint ChunkOfTerms(int row, int chunk) => (uint)((row * TermRowBytes) + ((chunk ^ ((row >> 1) & 3)) * ChunkBytes));

    private uint InOuterRows(int first, int lane) => ChunkOfOuter(lane & 3, 0) + (uint)((first + (lane >> 2)) * sizeof(float));

    private uint ChunkOfOuter(int term, int chunk) => (uint)((term * Extent * sizeof(float)) + ((chunk ^ (2 * (term & 3))) * ChunkBytes));

    /// <summary>Four elements, or zeros: a copy of no bytes reads nothing, but even its address must be aligned.</summary>
    private void Copy(Coordinates outer, Coordinates summed, bool exists, uint to)
    {
        int index = exists ? Operand.Index(outer, summed) : Coordinates.Outside;
        CudaAsm.Emit(
            "add.u32 at0, stages, %0; mad.wide.s32 from, %1, 4, %2; cp.async.cg.shared.global [at0], [from], 16, %3;",
            to, index, Address, index >= 0 ? ChunkBytes : 0);
    }
}
