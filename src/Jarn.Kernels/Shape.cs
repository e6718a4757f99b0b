namespace Jarn.Kernels;

/// <summary>The extents of a contiguous, row-major tensor of at most four dimensions. Images are N×H×W×C, filters kh×kw×in×out.</summary>
public readonly record struct Shape
{
    /// <summary>The most dimensions that there can be.</summary>
    public const int MaximumRank = 4;

    private readonly int _d0, _d1, _d2, _d3;

    /// <param name="dimensions">0 to 4 positive extents; none at all is a scalar.</param>
    /// <exception cref="ArgumentException">More than four dimensions, an extent below 1, or more than 2³¹−1 elements.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length > MaximumRank)
        {
            throw new ArgumentException($"a shape has at most {MaximumRank} dimensions, not {dimensions.Length}");
        }
        long length = 1;
        foreach (int dimension in dimensions)
        {
            length *= dimension;
            if (dimension < 1 || length > int.MaxValue)
            {
                throw new ArgumentException(
                    $"a shape wants positive extents and at most {int.MaxValue} elements, not [{string.Join(", ", dimensions.ToArray())}]");
            }
        }
        Rank = dimensions.Length;
        Length = (int)length;
        _d0 = Rank > 0 ? dimensions[0] : 1;
        _d1 = Rank > 1 ? dimensions[1] : 1;
        _d2 = Rank > 2 ? dimensions[2] : 1;
        _d3 = Rank > 3 ? dimensions[3] : 1;
    }

    /// <summary>No dimensions, and one element.</summary>
    public static Shape Scalar => new([]);

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The extent of a dimension, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int this[int dimension] => (uint)dimension >= (uint)Rank
        ? throw new ArgumentOutOfRangeException(nameof(dimension), $"{this} has no dimension {dimension}")
        : dimension switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };

    public int[] ToArray() => [.. new[] { _d0, _d1, _d2, _d3 }.AsSpan(0, Rank)];

    public override string ToString() => $"[{string.Join(", ", ToArray())}]";
}
