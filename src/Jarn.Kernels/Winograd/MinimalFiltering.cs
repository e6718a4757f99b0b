using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <summary>
/// F(m, r): m outputs of a correlation with r taps by m + r − 1 products instead of m·r, y = Aᵀ((G·g) ⊙ (Bᵀ·d)) (Winograd, "Arithmetic
/// complexity of computations", 1980; for convolutional networks Lavin and Gray, "Fast algorithms for convolutional neural networks",
/// 2016). The three matrices evaluate polynomials at some points and interpolate; nested, F(m, r) gives m×m outputs of r×r taps.
/// Its adjoint in g, Gᵀ·((A·ȳ) ⊙ (Bᵀ·d)), is the taps' gradient by as many products.
/// </summary>
internal interface IMinimalFiltering<TVector> where TVector : struct
{
    /// <summary>m, the outputs of a tile.</summary>
    static abstract int Outputs { get; }

    /// <summary>r, the taps of the filter.</summary>
    static abstract int Taps { get; }

    /// <summary>Bᵀ·d, m + r − 1 numbers of as many.</summary>
    static abstract void TransformInput<TFrom, TTo>(TFrom d, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>;

    /// <summary>G·g, m + r − 1 numbers of r.</summary>
    static abstract void TransformFilter<TFrom, TTo>(TFrom g, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>;

    /// <summary>Aᵀ·p, m numbers of m + r − 1.</summary>
    static abstract void TransformOutput<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>;

    /// <summary>A·ȳ, m + r − 1 numbers of m.</summary>
    static abstract void TransformOutputCotangent<TFrom, TTo>(TFrom y, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>;

    /// <summary>Gᵀ·p, r numbers of m + r − 1.</summary>
    static abstract void TransformToFilterCotangent<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>;
}

/// <summary>Vectors in memory, in a line of a tile: a row or a column.</summary>
internal interface IVectorLine<TVector> where TVector : struct
{
    TVector this[int i] { get; set; }
}

/// <summary>F(4, 3) at the points 0, ±1, ±2 and ∞.</summary>
/// <remarks>
/// <code>
///      ⎡4  0 −5  0 1 0⎤        ⎡ 1/4    0    0 ⎤       ⎡1 1  1 1  1 0⎤
///      ⎢0 −4 −4  1 1 0⎥        ⎢−1/6 −1/6 −1/6⎥       ⎢0 1 −1 2 −2 0⎥
/// Bᵀ = ⎢0  4 −4 −1 1 0⎥    G = ⎢−1/6  1/6 −1/6⎥  Aᵀ = ⎢0 1  1 4  4 0⎥
///      ⎢0 −2 −1  2 1 0⎥        ⎢1/24 1/12  1/6⎥       ⎣0 1 −1 8 −8 1⎦
///      ⎢0  2 −1 −2 1 0⎥        ⎢1/24 −1/12 1/6⎥
///      ⎣0  4  0 −5 0 1⎦        ⎣  0    0    1 ⎦
/// </code>
/// </remarks>
internal readonly struct FourByThree<TSimd, TVector> : IMinimalFiltering<TVector> where TSimd : ISimd<TVector> where TVector : struct
{
    public static int Outputs => 4;

    public static int Taps => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformInput<TFrom, TTo>(TFrom d, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector four = TSimd.Create(4), minusFour = TSimd.Create(-4), minusFive = TSimd.Create(-5), two = TSimd.Create(2);
        TVector d0 = d[0], d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5];
        result[0] = TSimd.MultiplyAdd(four, d0, TSimd.MultiplyAdd(minusFive, d2, d4));
        result[5] = TSimd.MultiplyAdd(four, d1, TSimd.MultiplyAdd(minusFive, d3, d5));
        TVector even = TSimd.MultiplyAdd(minusFour, d2, d4), odd = TSimd.MultiplyAdd(minusFour, d1, d3);
        result[1] = TSimd.Add(even, odd);
        result[2] = TSimd.Subtract(even, odd);
        even = TSimd.Subtract(d4, d2);
        odd = TSimd.Multiply(two, TSimd.Subtract(d3, d1));
        result[3] = TSimd.Add(even, odd);
        result[4] = TSimd.Subtract(even, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformFilter<TFrom, TTo>(TFrom g, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector sixth = TSimd.Create(1f / 6), twelfth = TSimd.Create(1f / 12), twentyFourth = TSimd.Create(1f / 24);
        TVector g0 = g[0], g1 = g[1], g2 = g[2];
        result[0] = TSimd.Multiply(TSimd.Create(0.25f), g0);
        TVector even = TSimd.Multiply(TSimd.Create(-1f / 6), TSimd.Add(g0, g2)), odd = TSimd.Multiply(sixth, g1);
        result[1] = TSimd.Subtract(even, odd);
        result[2] = TSimd.Add(even, odd);
        even = TSimd.MultiplyAdd(twentyFourth, g0, TSimd.Multiply(sixth, g2));
        odd = TSimd.Multiply(twelfth, g1);
        result[3] = TSimd.Add(even, odd);
        result[4] = TSimd.Subtract(even, odd);
        result[5] = g2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformOutput<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector p1 = p[1], p2 = p[2], p3 = p[3], p4 = p[4];
        TVector evenOne = TSimd.Add(p1, p2), oddOne = TSimd.Subtract(p1, p2), evenTwo = TSimd.Add(p3, p4), oddTwo = TSimd.Subtract(p3, p4);
        result[0] = TSimd.Add(TSimd.Add(p[0], evenOne), evenTwo);
        result[1] = TSimd.MultiplyAdd(TSimd.Create(2), oddTwo, oddOne);
        result[2] = TSimd.MultiplyAdd(TSimd.Create(4), evenTwo, evenOne);
        result[3] = TSimd.Add(TSimd.MultiplyAdd(TSimd.Create(8), oddTwo, oddOne), p[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformOutputCotangent<TFrom, TTo>(TFrom y, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3], two = TSimd.Create(2), four = TSimd.Create(4);
        TVector even = TSimd.Add(y0, y2), odd = TSimd.Add(y1, y3);
        result[0] = y0;
        result[1] = TSimd.Add(even, odd);
        result[2] = TSimd.Subtract(even, odd);
        even = TSimd.MultiplyAdd(four, y2, y0);
        odd = TSimd.Multiply(two, TSimd.MultiplyAdd(four, y3, y1));
        result[3] = TSimd.Add(even, odd);
        result[4] = TSimd.Subtract(even, odd);
        result[5] = y3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformToFilterCotangent<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector p1 = p[1], p2 = p[2], p3 = p[3], p4 = p[4], sixth = TSimd.Create(1f / 6);
        TVector evenOne = TSimd.Multiply(TSimd.Create(-1f / 6), TSimd.Add(p1, p2)), evenTwo = TSimd.Add(p3, p4);
        result[0] = TSimd.MultiplyAdd(TSimd.Create(0.25f), p[0], TSimd.MultiplyAdd(TSimd.Create(1f / 24), evenTwo, evenOne));
        result[1] = TSimd.MultiplyAdd(sixth, TSimd.Subtract(p2, p1), TSimd.Multiply(TSimd.Create(1f / 12), TSimd.Subtract(p3, p4)));
        result[2] = TSimd.Add(TSimd.MultiplyAdd(sixth, evenTwo, evenOne), p[5]);
    }
}

/// <summary>F(4, 2) at the points 0, ±1, 2 and ∞.</summary>
/// <remarks>
/// <code>
///      ⎡2 −1 −2  1 0⎤        ⎡ 1/2    0 ⎤
///      ⎢0 −2 −1  1 0⎥        ⎢−1/2 −1/2⎥       ⎡1 1  1 1 0⎤
/// Bᵀ = ⎢0  2 −3  1 0⎥    G = ⎢−1/6  1/6⎥  Aᵀ = ⎢0 1 −1 2 0⎥
///      ⎢0 −1  0  1 0⎥        ⎢ 1/6  1/3⎥       ⎢0 1  1 4 0⎥
///      ⎣0  2 −1 −2 1⎦        ⎣  0    1 ⎦       ⎣0 1 −1 8 1⎦
/// </code>
/// </remarks>
internal readonly struct FourByTwo<TSimd, TVector> : IMinimalFiltering<TVector> where TSimd : ISimd<TVector> where TVector : struct
{
    public static int Outputs => 4;

    public static int Taps => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformInput<TFrom, TTo>(TFrom d, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector two = TSimd.Create(2), minusTwo = TSimd.Create(-2);
        TVector d1 = d[1], d2 = d[2], d3 = d[3];
        TVector difference = TSimd.Subtract(d3, d1);
        result[0] = TSimd.MultiplyAdd(two, TSimd.Subtract(d[0], d2), difference);
        result[1] = TSimd.Subtract(TSimd.MultiplyAdd(minusTwo, d1, d3), d2);
        result[2] = TSimd.MultiplyAdd(TSimd.Create(-3), d2, TSimd.MultiplyAdd(two, d1, d3));
        result[3] = difference;
        result[4] = TSimd.MultiplyAdd(minusTwo, difference, TSimd.Subtract(d[4], d2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformFilter<TFrom, TTo>(TFrom g, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector sixth = TSimd.Create(1f / 6), g0 = g[0], g1 = g[1];
        result[0] = TSimd.Multiply(TSimd.Create(0.5f), g0);
        result[1] = TSimd.Multiply(TSimd.Create(-0.5f), TSimd.Add(g0, g1));
        result[2] = TSimd.Multiply(sixth, TSimd.Subtract(g1, g0));
        result[3] = TSimd.Multiply(sixth, TSimd.Add(g0, TSimd.Add(g1, g1)));
        result[4] = g1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformOutput<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector p1 = p[1], p2 = p[2], p3 = p[3];
        TVector even = TSimd.Add(p1, p2), odd = TSimd.Subtract(p1, p2);
        result[0] = TSimd.Add(TSimd.Add(p[0], even), p3);
        result[1] = TSimd.MultiplyAdd(TSimd.Create(2), p3, odd);
        result[2] = TSimd.MultiplyAdd(TSimd.Create(4), p3, even);
        result[3] = TSimd.Add(TSimd.MultiplyAdd(TSimd.Create(8), p3, odd), p[4]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformOutputCotangent<TFrom, TTo>(TFrom y, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3], four = TSimd.Create(4);
        TVector even = TSimd.Add(y0, y2), odd = TSimd.Add(y1, y3);
        result[0] = y0;
        result[1] = TSimd.Add(even, odd);
        result[2] = TSimd.Subtract(even, odd);
        result[3] = TSimd.MultiplyAdd(TSimd.Create(2), TSimd.MultiplyAdd(four, y3, y1), TSimd.MultiplyAdd(four, y2, y0));
        result[4] = y3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransformToFilterCotangent<TFrom, TTo>(TFrom p, TTo result)
        where TFrom : struct, IVectorLine<TVector> where TTo : struct, IVectorLine<TVector>
    {
        TVector half = TSimd.Create(0.5f), sixth = TSimd.Create(1f / 6), p1 = p[1], p2 = p[2], p3 = p[3];
        result[0] = TSimd.MultiplyAdd(half, TSimd.Subtract(p[0], p1), TSimd.Multiply(sixth, TSimd.Subtract(p3, p2)));
        TVector thirds = TSimd.MultiplyAdd(sixth, p2, TSimd.Multiply(TSimd.Create(1f / 3), p3));
        result[1] = TSimd.Add(TSimd.MultiplyAdd(TSimd.Create(-0.5f), p1, thirds), p[4]);
    }
}
