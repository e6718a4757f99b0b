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
}
