namespace Jarn.Kernels;

/// <summary>8×8 sums in registers: rows 0 to 3 and, half a tile further, 4 to 7; the columns likewise, left and right.</summary>
internal struct RegisterTile
{
    public Float4 Left0, Left1, Left2, Left3, Left4, Left5, Left6, Left7;
    public Float4 Right0, Right1, Right2, Right3, Right4, Right5, Right6, Right7;

    /// <summary>this + (upper, lower)ᵀ·(left, right)</summary>
    public readonly RegisterTile Plus(Float4 upper, Float4 lower, Float4 left, Float4 right)
    {
        RegisterTile sums = PlusUpper(upper, left, right);
        sums.Left4 = Left4.Plus(lower.X, left);
        sums.Left5 = Left5.Plus(lower.Y, left);
        sums.Left6 = Left6.Plus(lower.Z, left);
        sums.Left7 = Left7.Plus(lower.W, left);
        sums.Right4 = Right4.Plus(lower.X, right);
        sums.Right5 = Right5.Plus(lower.Y, right);
        sums.Right6 = Right6.Plus(lower.Z, right);
        sums.Right7 = Right7.Plus(lower.W, right);
        return sums;
    }

    /// <summary>The same for rows 0 to 3 alone.</summary>
    public readonly RegisterTile PlusUpper(Float4 upper, Float4 left, Float4 right)
    {
        RegisterTile sums = this;
        sums.Left0 = Left0.Plus(upper.X, left);
        sums.Left1 = Left1.Plus(upper.Y, left);
        sums.Left2 = Left2.Plus(upper.Z, left);
        sums.Left3 = Left3.Plus(upper.W, left);
        sums.Right0 = Right0.Plus(upper.X, right);
        sums.Right1 = Right1.Plus(upper.Y, right);
        sums.Right2 = Right2.Plus(upper.Z, right);
        sums.Right3 = Right3.Plus(upper.W, right);
        return sums;
    }
}
