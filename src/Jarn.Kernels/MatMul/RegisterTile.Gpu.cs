namespace Jarn.Kernels;

/// <summary>8×8 sums in registers: rows 0 to 3 and, half a tile further, 4 to 7; the columns likewise, left and right.</summary>
internal struct RegisterTile
{
    public Float4 Left0, Left1, Left2, Left3, Left4, Left5, Left6, Left7;
    public Float4 Right0, Right1, Right2, Right3, Right4, Right5, Right6, Right7;

    /// <summary>this + (upper, lower)ᵀ·(left, right)</summary>
    public readonly RegisterTile Plus(Float4 upper, Float4 lower, Float4 left, Float4 right) => new()
    {
        Left0 = Left0.Plus(upper.X, left),
        Left1 = Left1.Plus(upper.Y, left),
        Left2 = Left2.Plus(upper.Z, left),
        Left3 = Left3.Plus(upper.W, left),
        Left4 = Left4.Plus(lower.X, left),
        Left5 = Left5.Plus(lower.Y, left),
        Left6 = Left6.Plus(lower.Z, left),
        Left7 = Left7.Plus(lower.W, left),
        Right0 = Right0.Plus(upper.X, right),
        Right1 = Right1.Plus(upper.Y, right),
        Right2 = Right2.Plus(upper.Z, right),
        Right3 = Right3.Plus(upper.W, right),
        Right4 = Right4.Plus(lower.X, right),
        Right5 = Right5.Plus(lower.Y, right),
        Right6 = Right6.Plus(lower.Z, right),
        Right7 = Right7.Plus(lower.W, right),
    };
}
