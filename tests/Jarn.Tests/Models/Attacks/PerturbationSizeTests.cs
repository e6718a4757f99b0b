using Jarn.Models;

namespace Jarn.Tests.Models.Attacks;

public sealed class PerturbationSizeTests
{
    [TestCase(8.0 / 255, "8/255")]
    [TestCase(1.5 * 8 / 255, "12/255")]
    [TestCase(76.0 / 255, "76/255")]
    [TestCase(8.0 / 255 * 1.5 * 4 / 3, "16/255")]
    [TestCase(0.3, "0.3")]
    [TestCase(1.5 * 0.3, "0.45")]
    [TestCase(0.2, "0.2", Description = "51/255 is longer")]
    [TestCase(1, "1")]
    [TestCase(0, "0")]
    [TestCase(0.031, "0.031")]
    [TestCase(0.0314, "0.0314")]
    [TestCase(1e-7, "1E-07")]
    [TestCase(1e-15, "1E-15")]
    [TestCase(0.9999999, "0.9999999")]
    public void A_size_is_written_as_it_was_given(double epsilon, string text) => Assert.That(PerturbationSize.Text(epsilon), Is.EqualTo(text));

    [Test]
    public void No_two_levels_are_written_alike() =>
        Assert.That(Enumerable.Range(1, 255).Select(level => PerturbationSize.Text(level / 255.0)), Is.Unique);
}
