using System.Numerics;

namespace Jarn.Tests.Ptx;

// PTX ISA, "Floating-Point Instructions". Add, Subtract, Multiply and Negate are the integers'.

internal struct DivideFloat<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => a / b;
}

/// <summary>a·b + c, rounded once.</summary>
internal struct FusedMultiplyAdd<T> : ITernary<T, T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);
}

internal struct AbsoluteFloat<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Abs(a);
}

/// <summary>Of a number and a NaN the number; −0 is less than +0.</summary>
internal struct MinimumFloat<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.MinNumber(a, b);
}

/// <inheritdoc cref="MinimumFloat{T}"/>
internal struct MaximumFloat<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.MaxNumber(a, b);
}

/// <summary>min.NaN</summary>
internal struct MinimumOrNaN<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.Min(a, b);
}

/// <summary>max.NaN</summary>
internal struct MaximumOrNaN<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.Max(a, b);
}

internal struct ReciprocalFloat<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.One / a;
}

internal struct SquareRootFloat<T> : IUnary<T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Sqrt(a);
}

/// <summary>The sign of a on the magnitude of b: the other way round than in C#.</summary>
internal struct CopySignTo<T> : IBinary<T, T, T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.CopySign(b, a);
}

/// <summary>.ftz: numbers below the smallest normal one are zeros of their sign, as operands and as results.</summary>
internal struct FlushUnary<TOperation> : IUnary<float, float> where TOperation : struct, IUnary<float, float>
{
    public static float Of(float a) => Flush.ToZero(TOperation.Of(Flush.ToZero(a)));
}

/// <inheritdoc cref="FlushUnary{TOperation}"/>
internal struct FlushBinary<TOperation> : IBinary<float, float, float> where TOperation : struct, IBinary<float, float, float>
{
    public static float Of(float a, float b) => Flush.ToZero(TOperation.Of(Flush.ToZero(a), Flush.ToZero(b)));
}

/// <inheritdoc cref="FlushUnary{TOperation}"/>
internal struct FlushTernary<TOperation> : ITernary<float, float, float, float> where TOperation : struct, ITernary<float, float, float, float>
{
    public static float Of(float a, float b, float c) => Flush.ToZero(TOperation.Of(Flush.ToZero(a), Flush.ToZero(b), Flush.ToZero(c)));
}

internal static class Flush
{
    public static float ToZero(float value) => float.IsSubnormal(value) ? MathF.CopySign(0, value) : value;
}
