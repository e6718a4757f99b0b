using System.Numerics;

namespace Jarn.Kernels;

/// <summary>
/// Divides non-negative ints by a number that is known before the launch: the upper half of a product and a shift, where a GPU's own
/// division takes some twenty instructions. With 2ˡ⁻¹ &lt; d ≤ 2ˡ and M = ⌈2³¹⁺ˡ/d⌉ &lt; 2³² the error e = M·d − 2³¹⁺ˡ is below d ≤ 2ˡ, so that
/// e·n &lt; 2³¹⁺ˡ and ⌊n·M/2³¹⁺ˡ⌋ = ⌊n/d⌋ for every n &lt; 2³¹ (Granlund and Montgomery, "Division by invariant integers using
/// multiplication", 1994).
/// </summary>
internal readonly record struct Divisor
{
    private readonly uint _multiplier;
    private readonly int _shift, _negative;

    public Divisor(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        (Value, _negative) = (value, -value);
        _shift = 63 - BitOperations.LeadingZeroCount((uint)value - 1);
        _multiplier = (uint)(((1ul << _shift) + (uint)value - 1) / (uint)value);
    }

    public int Value { get; }

    /// <summary>⌊dividend/Value⌋, of a dividend that isn't negative.</summary>
    public int Quotient(int dividend) => (int)(uint)(((ulong)(uint)dividend * _multiplier) >> _shift);

    /// <summary>What remains of a dividend whose quotient is known; to subtract the product would take another instruction.</summary>
    public int Remainder(int dividend, int quotient) => dividend + (quotient * _negative);
}
