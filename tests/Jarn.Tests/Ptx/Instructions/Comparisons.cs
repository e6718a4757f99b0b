using System.Numerics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

// PTX ISA, "Comparison and Selection Instructions". With a NaN the ordered comparisons are false (even ne), the unordered ones true.

internal interface IComparison<T>
{
    static abstract bool Of(T a, T b);
}

internal struct Equal<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a == b;
}

internal struct Unequal<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a < b || a > b;
}

internal struct Less<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a < b;
}

internal struct LessOrEqual<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a <= b;
}

internal struct Greater<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a > b;
}

internal struct GreaterOrEqual<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a >= b;
}

/// <summary>nan; its opposite num is the ordered one.</summary>
internal struct Unordered<T> : IComparison<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => T.IsNaN(a) || T.IsNaN(b);
}

internal struct Opposite<T, TComparison> : IComparison<T> where TComparison : struct, IComparison<T>
{
    public static bool Of(T a, T b) => !TComparison.Of(a, b);
}

/// <summary>setp: p, and where it is wanted q, its opposite. With .and, .or and .xor both are combined with a predicate c.</summary>
internal sealed class Compare<T, TComparison>(Register p, Register? q, Register a, Register b, PredicateSource? c, string combine) : Instruction
    where TComparison : struct, IComparison<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        ref T first = ref warp.Lane0<T>(a);
        ref T second = ref warp.Lane0<T>(b);
        uint values = 0;
        for (int lane = 0; lane < Warp.Size; lane++)
        {
            values |= (TComparison.Of(Unsafe.Add(ref first, lane), Unsafe.Add(ref second, lane)) ? 1u : 0) << lane;
        }
        uint other = c?.Of(warp) ?? 0;
        warp.Set(p, lanes, Combined(values, other));
        if (q is Register opposite)
        {
            warp.Set(opposite, lanes, Combined(~values, other));
        }
    }

    private uint Combined(uint values, uint other) => combine switch
    {
        "and" => values & other,
        "or" => values | other,
        "xor" => values ^ other,
        _ => values,
    };
}

/// <summary>A predicate operand, p or !p, or a constant.</summary>
internal sealed record PredicateSource(Register? Register, bool IsNegated, uint Constant)
{
    public uint Of(Warp warp)
    {
        uint values = Register is Register register ? warp.Predicates[register.Offset] : Constant;
        return IsNegated ? ~values : values;
    }
}

/// <summary>and, or, xor, not and mov of predicates.</summary>
internal sealed class CombinePredicates(Register d, PredicateSource a, PredicateSource b, Func<uint, uint, uint> operation) : Instruction
{
    public override void Execute(Warp warp, uint lanes) => warp.Set(d, lanes, operation(a.Of(warp), b.Of(warp)));
}

/// <summary>selp: a where p holds, else b.</summary>
internal sealed class Select<T>(Register d, Register a, Register b, PredicateSource p) : Instruction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        ref T result = ref warp.Lane0<T>(d);
        ref T first = ref warp.Lane0<T>(a);
        ref T second = ref warp.Lane0<T>(b);
        uint values = p.Of(warp);
        foreach (int lane in new LanesOf(lanes))
        {
            Unsafe.Add(ref result, lane) = (values >> lane & 1) != 0 ? Unsafe.Add(ref first, lane) : Unsafe.Add(ref second, lane);
        }
    }
}

/// <summary>testp: a property of one number.</summary>
internal sealed class TestProperty<T>(Register p, Register a, Func<T, bool> property) : Instruction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        uint values = 0;
        foreach (int lane in new LanesOf(lanes))
        {
            values |= (property(warp.Lane<T>(a, lane)) ? 1u : 0) << lane;
        }
        warp.Set(p, lanes, values);
    }
}
