namespace Jarn.Kernels;

/// <summary>
/// Four floats in named fields: a row of a register tile (an indexed local array would live in memory), and 16 bytes that a view cast
/// to this type loads at once.
/// </summary>
internal struct Float4
{
    public float X, Y, Z, W;

    /// <summary>this + factor · b</summary>
    public readonly Float4 Plus(float factor, Float4 b) => new()
    {
        X = X + (factor * b.X),
        Y = Y + (factor * b.Y),
        Z = Z + (factor * b.Z),
        W = W + (factor * b.W),
    };

    /// <summary>X + Y + Z + W</summary>
    public readonly float Total => (X + Y) + (Z + W);

    public static Float4 operator +(Float4 a, Float4 b) => new() { X = a.X + b.X, Y = a.Y + b.Y, Z = a.Z + b.Z, W = a.W + b.W };

    public static Float4 operator -(Float4 a, Float4 b) => new() { X = a.X - b.X, Y = a.Y - b.Y, Z = a.Z - b.Z, W = a.W - b.W };

    public static Float4 operator *(Float4 a, Float4 b) => new() { X = a.X * b.X, Y = a.Y * b.Y, Z = a.Z * b.Z, W = a.W * b.W };

    public static Float4 operator /(Float4 a, Float4 b) => new() { X = a.X / b.X, Y = a.Y / b.Y, Z = a.Z / b.Z, W = a.W / b.W };

    public static Float4 operator *(float a, Float4 b) => Of(a) * b;

    public static Float4 Of(float value) => new() { X = value, Y = value, Z = value, W = value };

    public static Float4 Map<TFunction>(TFunction function, Float4 x) where TFunction : struct, IUnaryFunction => new()
    {
        X = function.Invoke(x.X),
        Y = function.Invoke(x.Y),
        Z = function.Invoke(x.Z),
        W = function.Invoke(x.W),
    };

    public static Float4 Zip<TFunction>(TFunction function, Float4 x, Float4 s) where TFunction : struct, IBinaryFunction => new()
    {
        X = function.Invoke(x.X, s.X),
        Y = function.Invoke(x.Y, s.Y),
        Z = function.Invoke(x.Z, s.Z),
        W = function.Invoke(x.W, s.W),
    };
}
