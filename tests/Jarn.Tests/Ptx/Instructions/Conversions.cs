using System.Numerics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

// PTX ISA, "Data Movement and Conversion Instructions: cvt".

/// <summary>Between integers, the upper bits cut off or the sign continued; and what .NET converts to the nearest.</summary>
internal struct ConvertTruncating<TA, TD> : IUnary<TA, TD> where TA : INumberBase<TA> where TD : INumberBase<TD>
{
    public static TD Of(TA a) => TD.CreateTruncating(a);
}

/// <summary>.sat of integers.</summary>
internal struct ConvertSaturating<TA, TD> : IUnary<TA, TD> where TA : INumberBase<TA> where TD : INumberBase<TD>
{
    public static TD Of(TA a) => TD.CreateSaturating(a);
}

/// <summary>
/// To an integer, kept within its range. NaN gives 0, but where one of the two has 64 bits: there it gives the highest bit alone.
/// </summary>
internal struct ConvertToInteger<TA, TD, TRounding> : IUnary<TA, TD>
    where TA : IFloatingPointIeee754<TA>
    where TD : IBinaryInteger<TD>
    where TRounding : struct, IUnary<TA, TA>
{
    public static TD Of(TA a)
    {
        int width = 8 * Unsafe.SizeOf<TD>();
        return !TA.IsNaN(a) ? TD.CreateSaturating(TRounding.Of(a)) : width == 64 || typeof(TA) == typeof(double) ? TD.One << (width - 1) : TD.Zero;
    }
}

/// <summary>.sat of a float: between 0 and 1, and 0 for NaN.</summary>
internal struct SaturateFloat<TA, TD, TConversion> : IUnary<TA, TD> where TD : IFloatingPointIeee754<TD> where TConversion : struct, IUnary<TA, TD>
{
    public static TD Of(TA a)
    {
        TD value = TConversion.Of(a);
        return value > TD.Zero ? TD.Min(value, TD.One) : TD.Zero;
    }
}

/// <summary>.rni: to the nearest integral number, the even one of two.</summary>
internal struct RoundToEven<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Round(a, MidpointRounding.ToEven);
}

/// <summary>.rzi</summary>
internal struct RoundToZero<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Truncate(a);
}

/// <summary>.rmi</summary>
internal struct RoundDown<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Floor(a);
}

/// <summary>.rpi</summary>
internal struct RoundUp<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Ceiling(a);
}

/// <summary>.rz from double to float: the nearer to zero of the two neighbours.</summary>
internal struct NarrowToZero : IUnary<double, float>
{
    public static float Of(double a) => a < 0 ? NarrowUp.Of(a) : NarrowDown.Of(a);
}

/// <summary>.rm from double to float</summary>
internal struct NarrowDown : IUnary<double, float>
{
    public static float Of(double a) => (float)a > a ? MathF.BitDecrement((float)a) : (float)a;
}

/// <summary>.rp from double to float</summary>
internal struct NarrowUp : IUnary<double, float>
{
    public static float Of(double a) => (float)a < a ? MathF.BitIncrement((float)a) : (float)a;
}

/// <summary>cvt.rna.tf32.f32: to 10 bits behind the point, of two nearest the one away from zero.</summary>
internal struct RoundToTf32 : IUnary<float, uint>
{
    public static uint Of(float a)
    {
        uint bits = BitConverter.SingleToUInt32Bits(a);
        return float.IsFinite(a) ? (bits + 0x1000) & ~0x1FFFu : bits;
    }
}

/// <summary>A conversion whose registers may be wider than its types: of the source they cut off, of the result they continue the sign.</summary>
internal struct ConvertResized<TWideA, TA, TD, TWideD, TOperation> : IUnary<TWideA, TWideD>
    where TWideA : INumberBase<TWideA>
    where TA : INumberBase<TA>
    where TD : INumberBase<TD>
    where TWideD : INumberBase<TWideD>
    where TOperation : struct, IUnary<TA, TD>
{
    public static TWideD Of(TWideA a) => TWideD.CreateTruncating(TOperation.Of(TA.CreateTruncating(a)));
}

/// <summary>mov</summary>
internal struct Same<T> : IUnary<T, T>
{
    public static T Of(T a) => a;
}
