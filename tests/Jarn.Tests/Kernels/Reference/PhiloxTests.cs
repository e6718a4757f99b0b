using Jarn.Kernels;
using static Jarn.Tests.Kernels.Reference.Adjoints;

namespace Jarn.Tests.Kernels.Reference;

public sealed class PhiloxTests
{
    /// <summary>
    /// Random123's known answers (its kat_vectors, philox4x32 with 10 rounds). Our counter is the index in its low words and the stream in
    /// its high ones; the key is the seed, low word first.
    /// </summary>
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Blocks_are_Random123s(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        RandomKey key = new(Words(k0, k1), Words(c2, c3));
        Assert.That(Philox.Block(key, Words(c0, c1)), Is.EqualTo(new RandomBlock(w0, w1, w2, w3)));

        static ulong Words(uint low, uint high) => low | ((ulong)high << 32);
    }

    [Test]
    public void The_unit_interval_keeps_to_its_ends()
    {
        Assert.Multiple(() =>
        {
            Assert.That(RandomBlock.UnitFloat(0), Is.Zero);
            Assert.That(RandomBlock.UnitFloat(uint.MaxValue), Is.EqualTo(MathF.BitDecrement(1)));
            Assert.That(RandomBlock.PositiveUnitFloat(0), Is.EqualTo(MathF.ScaleB(1, -24)));
            Assert.That(RandomBlock.PositiveUnitFloat(uint.MaxValue), Is.EqualTo(1));
        });
    }

    /// <summary>Known answer 0: the first words of key 0 and counter 0, by hand to 24 bits.</summary>
    [Test]
    public void Uniform_numbers_are_the_blocks_words_in_order()
    {
        double[] values = Run(4, (d, _, y) => d.RandomUniform(default, 1, 3, y[0]));
        uint[] words = [0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db];
        Assert.That(values, Is.EqualTo(words.Select(word => 1 + (2.0 * word / (1 << 24)))));
    }

    /// <summary>Mean ½ and variance 1/12; five standard errors of each.</summary>
    [Test]
    public void Uniform_numbers_have_a_uniforms_moments() =>
        AssertMoments(Run(Count, (d, _, y) => d.RandomUniform(new RandomKey(7, 1), 0, 1, y[0])), 0.5, 1.0 / 12, fourthMoment: 1.0 / 80);

    [Test]
    public void Normal_numbers_have_a_normals_moments()
    {
        double[] values = Run(Count, (d, _, y) => d.RandomNormal(new RandomKey(7, 2), 3, 2, y[0]));
        AssertMoments(values, 3, 4, fourthMoment: 48);
        // 68.27 % lie within one deviation.
        double share = values.Count(value => Math.Abs(value - 3) < 2) / (double)Count;
        Assert.That(share, Is.EqualTo(0.682689).Within(5 * Math.Sqrt(0.6827 * 0.3173 / Count)));
    }

    /// <summary>Neighbours, the pairs of Box and Muller among them, and streams are uncorrelated.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void Normal_numbers_are_uncorrelated_at_lag(int lag)
    {
        double[] values = Run(Count, (d, _, y) => d.RandomNormal(new RandomKey(7, 3), 0, 1, y[0]));
        double[] otherStream = Run(Count, (d, _, y) => d.RandomNormal(new RandomKey(7, 4), 0, 1, y[0]));
        Assert.Multiple(() =>
        {
            Assert.That(Inner(values[lag..], values[..^lag]) / Count, Is.Zero.Within(5 / Math.Sqrt(Count)));
            Assert.That(Inner(values[lag..], otherStream[..^lag]) / Count, Is.Zero.Within(5 / Math.Sqrt(Count)));
        });
    }

    private const int Count = 40_000;

    /// <summary>The mean's variance is σ²/n, the sample variance's (μ₄ − σ⁴)/n.</summary>
    private static void AssertMoments(double[] values, double mean, double variance, double fourthMoment)
    {
        double sampleVariance = values.Sum(value => (value - mean) * (value - mean)) / values.Length;
        Assert.Multiple(() =>
        {
            Assert.That(values.Average(), Is.EqualTo(mean).Within(5 * Math.Sqrt(variance / values.Length)));
            Assert.That(sampleVariance, Is.EqualTo(variance).Within(5 * Math.Sqrt((fourthMoment - (variance * variance)) / values.Length)));
        });
    }
}
