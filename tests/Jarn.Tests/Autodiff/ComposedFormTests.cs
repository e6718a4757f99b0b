using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Autodiff;

/// <summary>Fused operations beside the elementary ones that they stand for: values, and derivatives of both orders.</summary>
public sealed class ComposedFormTests
{
    private static readonly Shape Image = new(3, 4, 5, 2);

    private ReferenceDevice _device = null!;
    private Tensor _leaf = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    /// <summary>One sample's norm is below the bound.</summary>
    [Test]
    public void Centre_and_normalise()
    {
        const double epsilon = 1e-2;
        double[] x = Values(Image.Length);
        for (int i = 0; i < Image.Length / Image[0]; i++)
        {
            x[i] *= 1e-4;
        }
        AssertSame(t => t.CenterAndNormalize(_leaf, epsilon), Composed, Image, x);

        Tensor Composed(Tape tape)
        {
            AxisGeometry samples = AxisGeometry.Trailing(Image, 1);
            Tensor centered = tape.Subtract(_leaf, tape.Scale(tape.SumSamples(_leaf), 1.0 / samples.Axis), samples);
            Tensor squares = tape.Clamp(tape.SumSamples(tape.Square(centered)), epsilon * epsilon, double.PositiveInfinity);
            return tape.Multiply(centered, tape.ReciprocalSquareRoot(squares), samples);
        }
    }

    [Test]
    public void Cross_entropy()
    {
        Shape shape = new(4, 5);
        using Tensor labels = Tensor.From(_device, shape, Values(shape.Length));
        AssertSame(t => t.CrossEntropy(_leaf, labels), Composed, shape, Values(shape.Length));

        Tensor Composed(Tape tape)
        {
            AxisGeometry rows = AxisGeometry.Trailing(shape, 1);
            Tensor logarithms = tape.Subtract(_leaf, tape.Log(tape.SumSamples(tape.Exp(_leaf))), rows);
            return tape.Scale(tape.SumSamples(tape.Multiply(labels, logarithms)), -1);
        }
    }

    [TestCase(0)]
    [TestCase(0.1)]
    public void Bias_and_leaky_ReLU_with_zeros_among_the_sums(double slope)
    {
        Shape shape = new(4, 3);
        using Tensor bias = Tensor.From(_device, new Shape(3), [0.5, -1, 0.25]);
        double[] x = [-0.5, 1, -0.25, 1, 2, 3, -1, -2, -3, 0, 0, 0];
        AxisGeometry rows = AxisGeometry.Leading(shape, 1);
        AssertSame(t => t.LeakyReluOfSum(_leaf, bias, slope, rows), t => t.LeakyRelu(t.Add(_leaf, bias, rows), slope), shape, x);
    }

    [Test]
    public void Bias_and_tanh()
    {
        Shape shape = new(4, 3);
        using Tensor bias = Tensor.From(_device, new Shape(3), [0.5, -1, 0.25]);
        AxisGeometry rows = AxisGeometry.Leading(shape, 1);
        AssertSame(t => t.TanhOfSum(_leaf, bias, rows), t => t.Tanh(t.Add(_leaf, bias, rows)), shape, Values(shape.Length));
    }

    [Test]
    public void A_negative_slope_is_refused()
    {
        using Tape tape = new(_device);
        using Tensor x = Tensor.From(_device, new Shape(2), [1.0, 2.0]);
        Assert.That(() => tape.LeakyReluOfSum(x, x, -0.1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Labels_have_no_derivative()
    {
        using Tape tape = new(_device);
        using Tensor logits = Tensor.From(_device, new Shape(1, 2), [1.0, 2.0]), labels = Tensor.From(_device, new Shape(1, 2), [1.0, 0.0]);
        Tensor loss = tape.Sum(tape.CrossEntropy(logits, labels));
        Assert.That(() => tape.Gradient(loss, [labels], differentiable: true), Throws.InvalidOperationException.With.Message.Contains("logits only"));
    }

    private void AssertSame(Func<Tape, Tensor> fused, Func<Tape, Tensor> composed, Shape shape, double[] x)
    {
        using Tensor leaf = _leaf = Tensor.From(_device, shape, x);
        double[][] expected = Orders(composed), actual = Orders(fused);
        Assert.Multiple(() =>
        {
            for (int order = 0; order < expected.Length; order++)
            {
                double scale = expected[order].Max(Math.Abs);
                Assert.That(actual[order], Is.EqualTo(expected[order]).Within(1e-13 * scale), $"order {order}");
            }
        });
    }

    /// <summary>y; ∇x ⟨w, y²⟩; and the gradient of that one's square with other weights.</summary>
    private double[][] Orders(Func<Tape, Tensor> function)
    {
        using Tape tape = new(_device);
        Tensor y = function(tape);
        using Tensor weights = Tensor.From(_device, y.Shape, Values(y.Length)), others = Tensor.From(_device, _leaf.Shape, Values(_leaf.Length));
        Tensor first = tape.Gradient(tape.Sum(tape.Multiply(tape.Square(y), weights)), [_leaf], differentiable: true)[0];
        double[] second = tape.Gradient(tape.Sum(tape.Multiply(tape.Square(first), others)), [_leaf], differentiable: true)[0].ToDoubles();
        return [y.ToDoubles(), first.ToDoubles(), second];
    }

    private static double[] Values(int length) => [.. Enumerable.Range(1, length).Select(i => Math.Sin(i * i) + 0.1)];
}
