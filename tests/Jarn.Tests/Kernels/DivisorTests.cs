using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class DivisorTests
{
    /// <summary>Where a quotient steps, and at the ends: a multiplier that is off by one errs there first.</summary>
    [Test]
    public void Quotients_are_exact()
    {
        int[] divisors =
        [
            .. Enumerable.Range(1, 5000),
            .. Enumerable.Range(0, 31).SelectMany(bit => new[] { (1 << bit) - 1, 1 << bit, (1 << bit) + 1 }).Where(d => d > 0),
            .. new Random(1).GetItems([.. Enumerable.Range(1, 1 << 20)], 500), 715827883, int.MaxValue - 1, int.MaxValue,
        ];
        foreach (int value in divisors)
        {
            Divisor divisor = new(value);
            long last = int.MaxValue / value * (long)value;
            foreach (long multiple in new[] { 0L, value, value * 2L, value * 3L, last / value / 2 * value, last - value, last })
            {
                for (long n = multiple - 1; n <= multiple + 1; n++)
                {
                    if (n is >= 0 and <= int.MaxValue)
                    {
                        int quotient = divisor.Quotient((int)n);
                        Assert.That(
                            (quotient, divisor.Remainder((int)n, quotient)), Is.EqualTo(((int)(n / value), (int)(n % value))), $"{n} / {value}");
                    }
                }
            }
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(160)]
    [TestCase(1440)]
    [TestCase((1 << 30) + 1)]
    public void Quotients_of_many_numbers_are_exact(int value)
    {
        Divisor divisor = new(value);
        Assert.That(Enumerable.Range(0, 1 << 19).Select(i => (int)(i * 4095L)).Where(n => divisor.Quotient(n) != n / value), Is.Empty);
    }

    [Test]
    public void There_is_no_division_by_less_than_one([Values(0, -3)] int value) =>
        Assert.That(() => new Divisor(value), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
