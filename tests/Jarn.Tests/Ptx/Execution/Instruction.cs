using System.Numerics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

/// <summary>Where a value of each lane lies in a warp's register file; of a predicate, which of the warp's masks it is.</summary>
internal readonly record struct Register(int Offset, int Bytes)
{
    public const int PredicateBytes = 0;

    public bool IsPredicate => Bytes == PredicateBytes;
}

/// <summary>
/// A decoded instruction, which computes many lanes at once. Literals, special registers and addresses of variables are registers too.
/// </summary>
internal abstract class Instruction
{
    /// <summary>As the module writes it.</summary>
    public string Text { get; set; } = "";

    /// <summary>The predicate under which a lane executes it, if there is one.</summary>
    public Register? Guard { get; set; }

    public bool GuardIsNegated { get; set; }

    /// <param name="lanes">A bit for each lane that executes it: not empty, and the guard holds in them.</param>
    public abstract void Execute(Warp warp, uint lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Guarded(Warp warp, uint lanes) =>
        Guard is Register guard ? lanes & (GuardIsNegated ? ~warp.Predicates[guard.Offset] : warp.Predicates[guard.Offset]) : lanes;
}

/// <summary>The lanes in a mask, in order.</summary>
internal ref struct LanesOf(uint mask)
{
    private uint _rest = mask;

    public int Current { get; private set; }

    public readonly LanesOf GetEnumerator() => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        Current = BitOperations.TrailingZeroCount(_rest);
        bool any = _rest != 0;
        _rest &= _rest - 1;
        return any;
    }
}
