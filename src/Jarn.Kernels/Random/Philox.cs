namespace Jarn.Kernels;

/// <summary>Names one stream of random numbers: a run's seed, and a number that the caller never uses twice with it.</summary>
public readonly record struct RandomKey(ulong Seed, ulong Stream);

/// <summary>Four words of 32 random bits.</summary>
public readonly record struct RandomBlock(uint Word0, uint Word1, uint Word2, uint Word3)
{
    /// <summary>Exact in float32: the multiples of 2⁻²⁴ in [0, 1).</summary>
    public static float UnitFloat(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>A number in (0, 1], whose logarithm is finite.</summary>
    public static float PositiveUnitFloat(uint word) => ((word >> 8) + 1) * (1f / (1 << 24));
}

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a block of random words is a function of key
/// and counter, so that any element can be computed anywhere. Element i takes word i mod 4 of block ⌊i/4⌋.
/// </summary>
public static class Philox
{
    /// <summary>The index-th block of a stream.</summary>
    public static RandomBlock Block(RandomKey key, ulong index)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = (uint)key.Stream, c3 = (uint)(key.Stream >> 32);
        uint k0 = (uint)key.Seed, k1 = (uint)(key.Seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0;
            ulong p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return new RandomBlock(c0, c1, c2, c3);
    }
}
