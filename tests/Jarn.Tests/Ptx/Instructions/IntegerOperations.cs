using System.Numerics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

// PTX ISA, "Integer Arithmetic Instructions" and "Logic and Shift Instructions". Numbers wrap around, as C#'s do.

internal struct Add<T> : IBinary<T, T, T> where T : INumber<T>
{
    public static T Of(T a, T b) => a + b;
}

internal struct Subtract<T> : IBinary<T, T, T> where T : INumber<T>
{
    public static T Of(T a, T b) => a - b;
}

internal struct Multiply<T> : IBinary<T, T, T> where T : INumber<T>
{
    public static T Of(T a, T b) => a * b;
}

/// <summary>A quotient by zero is unspecified: here all bits are set, as on NVIDIA's hardware.</summary>
internal struct Divide<T> : IBinary<T, T, T> where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Of(T a, T b) => T.IsZero(b) ? ~T.Zero : b == ~T.Zero && T.IsNegative(b) ? -a : a / b;
}

/// <summary>By zero unspecified as well.</summary>
internal struct Remainder<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => T.IsZero(b) ? ~T.Zero : b == ~T.Zero && T.IsNegative(b) ? T.Zero : a % b;
}

/// <summary>The upper half of the product, which TWide holds whole.</summary>
internal struct MultiplyHigh<T, TWide> : IBinary<T, T, T> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static T Of(T a, T b) => T.CreateTruncating((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (8 * Unsafe.SizeOf<T>()));
}

internal struct MultiplyWide<T, TWide> : IBinary<T, T, TWide> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static TWide Of(T a, T b) => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);
}

internal struct MultiplyAdd<T> : ITernary<T, T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b, T c) => (a * b) + c;
}

internal struct MultiplyHighAdd<T, TWide> : ITernary<T, T, T, T> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static T Of(T a, T b, T c) => MultiplyHigh<T, TWide>.Of(a, b) + c;
}

internal struct MultiplyWideAdd<T, TWide> : ITernary<T, T, TWide, TWide> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static TWide Of(T a, T b, TWide c) => MultiplyWide<T, TWide>.Of(a, b) + c;
}

internal struct Negate<T> : IUnary<T, T> where T : INumber<T>
{
    public static T Of(T a) => -a;
}

internal struct Absolute<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a) => T.IsNegative(a) ? -a : a;
}

internal struct Minimum<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a < b ? a : b;
}

internal struct Maximum<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a > b ? a : b;
}

internal struct And<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a & b;
}

internal struct Or<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a | b;
}

internal struct ExclusiveOr<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a ^ b;
}

internal struct Not<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a) => ~a;
}

/// <summary>Shifts beyond the width give zeros, unlike C#'s.</summary>
internal struct ShiftLeft<T> : IBinary<T, uint, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, uint b) => b < 8 * Unsafe.SizeOf<T>() ? a << (int)b : T.Zero;
}

/// <summary>Of signed numbers with their sign, without end.</summary>
internal struct ShiftRight<T> : IBinary<T, uint, T> where T : IBinaryInteger<T>
{
    public static T Of(T a, uint b)
    {
        int width = 8 * Unsafe.SizeOf<T>();
        return b < width ? a >> (int)b : T.IsNegative(a) ? ~T.Zero : T.Zero;
    }
}

internal struct PopulationCount<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a) => uint.CreateTruncating(T.PopCount(a));
}

internal struct LeadingZeros<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a) => uint.CreateTruncating(T.LeadingZeroCount(a));
}

internal struct ReverseBits<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Of(T a)
    {
        T reversed = T.Zero;
        for (int bit = 0; bit < 8 * Unsafe.SizeOf<T>(); bit++, a >>= 1)
        {
            reversed = (reversed << 1) | (a & T.One);
        }
        return reversed;
    }
}

/// <summary>bfe: length bits from a position on, with the sign of the last one that is there.</summary>
internal struct ExtractBits<T> : ITernary<T, uint, uint, T> where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Of(T a, uint b, uint c)
    {
        int last = (8 * Unsafe.SizeOf<T>()) - 1, position = (int)(b & 0xFF), length = (int)(c & 0xFF);
        bool isSigned = T.IsNegative(T.MinValue);
        T sign = isSigned && length > 0 ? (a >> Math.Min(position + length - 1, last)) & T.One : T.Zero;
        T result = T.Zero;
        for (int bit = 0; bit <= last; bit++)
        {
            result |= (bit < length && position + bit <= last ? (a >> (position + bit)) & T.One : sign) << bit;
        }
        return result;
    }
}

/// <summary>
/// prmt without a mode: four of the eight bytes of {b, a}, each by a digit of the selector, whose highest bit replicates the byte's sign.
/// </summary>
internal struct PermuteBytes : ITernary<uint, uint, uint, uint>
{
    public static uint Of(uint a, uint b, uint c)
    {
        ulong bytes = ((ulong)b << 32) | a;
        uint result = 0;
        for (int at = 0; at < 4; at++)
        {
            uint digit = (c >> (4 * at)) & 0xF;
            uint value = (uint)(bytes >> (8 * (int)(digit & 7))) & 0xFF;
            result |= ((digit & 8) == 0 ? value : (value & 0x80) == 0 ? 0 : 0xFFu) << (8 * at);
        }
        return result;
    }
}

/// <summary>shf.l.wrap: the upper word of {b, a} after a shift by c modulo 32.</summary>
internal struct FunnelShiftLeft : ITernary<uint, uint, uint, uint>
{
    public static uint Of(uint a, uint b, uint c) => (uint)((((ulong)b << 32) | a) << (int)(c & 31) >> 32);
}

/// <summary>shf.r.wrap: the lower one.</summary>
internal struct FunnelShiftRight : ITernary<uint, uint, uint, uint>
{
    public static uint Of(uint a, uint b, uint c) => (uint)((((ulong)b << 32) | a) >> (int)(c & 31));
}

/// <summary>bfi: so many of the lowest bits of a in place of those of b from a position on.</summary>
internal sealed class InsertBits<T>(Register d, Register a, Register b, Register position, Register length) : Instruction
    where T : IBinaryInteger<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        int width = 8 * Unsafe.SizeOf<T>();
        foreach (int lane in new LanesOf(lanes))
        {
            int from = (int)(warp.Lane<uint>(position, lane) & 0xFF), count = (int)(warp.Lane<uint>(length, lane) & 0xFF);
            T inserted = warp.Lane<T>(a, lane), result = warp.Lane<T>(b, lane);
            for (int bit = 0; bit < count && from + bit < width; bit++)
            {
                T mask = T.One << (from + bit);
                result = T.IsZero((inserted >> bit) & T.One) ? result & ~mask : result | mask;
            }
            warp.Lane<T>(d, lane) = result;
        }
    }
}

/// <summary>lop3: any function of three bits, by its table.</summary>
internal sealed class LookUp(Register d, Register a, Register b, Register c, uint table) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            uint x = warp.Lane<uint>(a, lane), y = warp.Lane<uint>(b, lane), z = warp.Lane<uint>(c, lane), result = 0;
            for (int row = 0; row < 8; row++)
            {
                uint matches = ((row & 4) != 0 ? x : ~x) & ((row & 2) != 0 ? y : ~y) & ((row & 1) != 0 ? z : ~z);
                result |= (table >> row & 1) != 0 ? matches : 0;
            }
            warp.Lane<uint>(d, lane) = result;
        }
    }
}
