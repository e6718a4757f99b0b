using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class RandomTests(TestDevice device) : DeviceFixture(device)
{
    private static readonly RandomKey Key = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Uniform_numbers_are_the_references(int length) => CheckUniform(Key, -0.3, 0.3, length);

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Normal_numbers_are_the_references(int length) => CheckNormal(Key, 0, 1, length);

    [TestCase(0UL, 0UL)]
    [TestCase(1UL, 0UL)]
    [TestCase(0UL, 1UL)]
    [TestCase(1UL << 32, 1UL << 63)]
    [TestCase(ulong.MaxValue, ulong.MaxValue)]
    public void Every_bit_of_the_key_counts(ulong seed, ulong stream)
    {
        CheckUniform(new RandomKey(seed, stream), 0, 1, 33);
        CheckNormal(new RandomKey(seed, stream), -2, 0.5, 33);
    }

    [Test]
    public void Uniform_numbers_stay_in_their_interval()
    {
        double[] values = UniformOf(Key, 0, 1, 4097).On(Device.First).Outputs[0];
        Assert.That(values, Has.All.InRange(0, MathF.BitDecrement(1)));
    }

    [Test]
    public void Uniform_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, UniformOf(Key, 0, 1, 9), lengthIsFree: true);

    [Test]
    public void Normal_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, NormalOf(Key, 0, 1, 9), lengthIsFree: true);

    /// <summary>The interval's ends and its width are rounded, then a product and a sum.</summary>
    private void CheckUniform(RandomKey key, double low, double high, int length)
    {
        double magnitude = Math.Abs(low) + Math.Abs(high) + (high - low);
        Conformance.Check(Device, UniformOf(key, low, high, length), Tolerance.RelativeTo(3, Repeated(magnitude, length)));
    }

    /// <summary>
    /// The radius √(−2 log U) takes the relative error of the logarithm, or a GPU's absolute one: 2⁻²² near U = 1, where it is divided by
    /// the small radius. Cosine and sine take the error of their argument up to 2π: absolute too, 2⁻²⁰ for a GPU's approximations.
    /// </summary>
    private void CheckNormal(RandomKey key, double mean, double deviation, int length)
    {
        (double angle, double logarithm) = Device.Approximates ? (24.0, 8.0) : (12.0, 0.0);
        double[] magnitudes = new double[length];
        for (int i = 0; i < length; i++)
        {
            RandomBlock block = Philox.Block(key, (ulong)i / 4);
            double radius = Math.Sqrt(-2 * Math.Log(RandomBlock.PositiveUnitFloat(i % 4 < 2 ? block.Word0 : block.Word2)));
            double absolute = radius > 0 ? Math.Min(logarithm / radius, Math.Sqrt(2 * logarithm * (1 << 24))) : 0;
            magnitudes[i] = (2 * Math.Abs(mean)) + (deviation * ((angle * radius) + absolute));
        }
        Conformance.Check(Device, NormalOf(key, mean, deviation, length), Tolerance.RelativeTo(1, magnitudes));
    }

    private static double[] Repeated(double value, int length) => [.. Enumerable.Repeat(value, length)];

    private static Call UniformOf(RandomKey key, double low, double high, int length) =>
        new([], [Call.Unwritten(length)], (d, _, y) => d.RandomUniform(key, low, high, y[0]));

    private static Call NormalOf(RandomKey key, double mean, double deviation, int length) =>
        new([], [Call.Unwritten(length)], (d, _, y) => d.RandomNormal(key, mean, deviation, y[0]));
}
