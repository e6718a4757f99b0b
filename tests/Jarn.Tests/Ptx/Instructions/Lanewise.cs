using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

internal interface IUnary<TA, TD>
{
    static abstract TD Of(TA a);
}

internal interface IBinary<TA, TB, TD>
{
    static abstract TD Of(TA a, TB b);
}

internal interface ITernary<TA, TB, TC, TD>
{
    static abstract TD Of(TA a, TB b, TC c);
}

/// <summary>
/// What each lane computes for itself. Where all live lanes take part the others are computed too, for nothing but speed: nobody reads their
/// registers.
/// </summary>
internal sealed class Unary<TA, TD, TOperation>(Register d, Register a) : Instruction
    where TOperation : struct, IUnary<TA, TD>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        ref TD result = ref warp.Lane0<TD>(d);
        ref TA first = ref warp.Lane0<TA>(a);
        if (lanes == warp.Live)
        {
            for (int lane = 0; lane < Warp.Size; lane++)
            {
                Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane));
            }
            return;
        }
        foreach (int lane in new LanesOf(lanes))
        {
            Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane));
        }
    }
}

/// <inheritdoc cref="Unary{TA, TD, TOperation}"/>
internal sealed class Binary<TA, TB, TD, TOperation>(Register d, Register a, Register b) : Instruction
    where TOperation : struct, IBinary<TA, TB, TD>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        ref TD result = ref warp.Lane0<TD>(d);
        ref TA first = ref warp.Lane0<TA>(a);
        ref TB second = ref warp.Lane0<TB>(b);
        if (lanes == warp.Live)
        {
            for (int lane = 0; lane < Warp.Size; lane++)
            {
                Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
            }
            return;
        }
        foreach (int lane in new LanesOf(lanes))
        {
            Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane));
        }
    }
}

/// <inheritdoc cref="Unary{TA, TD, TOperation}"/>
internal sealed class Ternary<TA, TB, TC, TD, TOperation>(Register d, Register a, Register b, Register c) : Instruction
    where TOperation : struct, ITernary<TA, TB, TC, TD>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        ref TD result = ref warp.Lane0<TD>(d);
        ref TA first = ref warp.Lane0<TA>(a);
        ref TB second = ref warp.Lane0<TB>(b);
        ref TC third = ref warp.Lane0<TC>(c);
        if (lanes == warp.Live)
        {
            for (int lane = 0; lane < Warp.Size; lane++)
            {
                Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane), Unsafe.Add(ref third, lane));
            }
            return;
        }
        foreach (int lane in new LanesOf(lanes))
        {
            Unsafe.Add(ref result, lane) = TOperation.Of(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane), Unsafe.Add(ref third, lane));
        }
    }
}
