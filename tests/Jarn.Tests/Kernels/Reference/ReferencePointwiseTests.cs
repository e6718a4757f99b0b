using Jarn.Kernels;

namespace Jarn.Tests.Kernels.Reference;

/// <summary>The pointwise functions' exact statements where a formula could lose its digits or overflow.</summary>
public sealed class ReferencePointwiseTests
{
    /// <summary>log(1 + eˣ) = eˣ − e²ˣ/2 + … for x far below zero, x itself far above.</summary>
    [Test]
    public void Softplus_keeps_its_digits_in_both_tails()
    {
        Softplus softplus = new();
        Assert.Multiple(() =>
        {
            Assert.That(softplus.Exact(0), Is.EqualTo(Math.Log(2)).Within(1e-15));
            Assert.That(softplus.Exact(-20), Is.EqualTo(Math.Exp(-20) - (Math.Exp(-40) / 2)).Within(1e-12).Percent);
            Assert.That(softplus.Exact(-100), Is.EqualTo(Math.Exp(-100)).Within(1e-12).Percent);
            Assert.That(softplus.Exact(100), Is.EqualTo(100));
            Assert.That(softplus.Exact(1e300), Is.EqualTo(1e300));
        });
    }

    [Test]
    public void Sigmoid_keeps_its_digits_in_both_tails()
    {
        Sigmoid sigmoid = new();
        Assert.Multiple(() =>
        {
            Assert.That(sigmoid.Exact(0), Is.EqualTo(0.5));
            Assert.That(sigmoid.Exact(-100), Is.EqualTo(Math.Exp(-100)).Within(1e-12).Percent);
            Assert.That(sigmoid.Exact(2) + sigmoid.Exact(-2), Is.EqualTo(1).Within(1e-15));
            Assert.That(sigmoid.Exact(-1e300), Is.Zero);
            Assert.That(sigmoid.Exact(1e300), Is.EqualTo(1));
        });
    }

    [TestCase(-0.5, -0.5, 3)]
    [TestCase(0.75, 0.75, 3)]
    [TestCase(-0.6, -0.5, 0)]
    [TestCase(0.8, 0.75, 0)]
    [TestCase(0.1, 0.1, 3)]
    public void Clamp_and_its_gradient_include_their_bounds(double x, double clamped, double gradient)
    {
        Assert.Multiple(() =>
        {
            Assert.That(new Clamp(-0.5, 0.75).Exact(x), Is.EqualTo(clamped));
            Assert.That(new ClampGradient(-0.5, 0.75).Exact(x, 3), Is.EqualTo(gradient));
        });
    }

    /// <summary>At zero both take the slope's side.</summary>
    [TestCase(2, 2, 5)]
    [TestCase(-2, -0.5, 1.25)]
    [TestCase(0, 0, 1.25)]
    public void Leaky_relu_and_its_gradient_by_hand(double x, double value, double gradient)
    {
        Assert.Multiple(() =>
        {
            Assert.That(new LeakyRelu(0.25).Exact(x), Is.EqualTo(value));
            Assert.That(new LeakyReluGradient(0.25).Exact(x, 5), Is.EqualTo(gradient));
        });
    }

    [TestCase(-3, -1)]
    [TestCase(0, 0)]
    [TestCase(1e-300, 1)]
    [TestCase(double.NaN, 0)]
    public void Sign_by_hand(double x, double expected) => Assert.That(new Sign().Exact(x), Is.EqualTo(expected));
}
