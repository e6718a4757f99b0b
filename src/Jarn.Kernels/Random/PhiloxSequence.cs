namespace Jarn.Kernels;

/// <summary>The words of <see cref="Philox"/> one after another, from a given block on.</summary>
/// <param name="key">The stream that the words are from.</param>
/// <param name="firstBlock">The number of blocks to skip.</param>
public struct PhiloxSequence(RandomKey key, ulong firstBlock)
{
    private ulong _nextBlock = firstBlock;
    private RandomBlock _block;
    private int _left;

    /// <summary>The next 32 random bits.</summary>
    public uint Next()
    {
        if (_left == 0)
        {
            _block = Philox.Block(key, _nextBlock++);
            _left = 4;
        }
        return _left-- switch { 4 => _block.Word0, 3 => _block.Word1, 2 => _block.Word2, _ => _block.Word3 };
    }

    /// <summary>A whole number in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)(((ulong)Next() * (uint)bound) >> 32);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Uniform(float low, float high) => low + (RandomBlock.UnitFloat(Next()) * (high - low));

    /// <summary>
    /// Mean 0, the given deviation, at most 2√3 of them away: the sum of four uniform numbers, whose variance is 1/3. Bell-shaped
    /// without a logarithm, which not every platform rounds alike.
    /// </summary>
    public float Bell(float deviation)
    {
        float sum = RandomBlock.UnitFloat(Next()) + RandomBlock.UnitFloat(Next()) + RandomBlock.UnitFloat(Next()) + RandomBlock.UnitFloat(Next());
        return (sum - 2) * 1.7320508f * deviation;
    }
}
