using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class IntervalTests
{
    /// <summary>Newcombe 1998 (Statistics in Medicine 17, Table I, method 3), which has four decimals.</summary>
    [TestCase(81, 263, 25.53, 36.62)]
    [TestCase(15, 148, 6.24, 16.05)]
    [TestCase(0, 20, 0, 16.11)]
    [TestCase(1, 29, 0.61, 17.18)]
    [TestCase(20, 20, 83.89, 100)]
    public void The_interval_is_Wilsons(int count, int total, double low, double high)
    {
        Interval interval = Interval.OfShare(count, total);
        Assert.That(interval.Low, Is.EqualTo(low).Within(0.005));
        Assert.That(interval.High, Is.EqualTo(high).Within(0.005));
    }
}
