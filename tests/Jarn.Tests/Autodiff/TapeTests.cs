using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Autodiff;

public sealed class TapeTests
{
    private ReferenceDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void Derivatives_of_x_to_the_fourth_are_right_to_order_four()
    {
        using Tensor x = Scalar(3);
        using Tape tape = new(_device);
        Tensor y = tape.Square(tape.Square(x));
        List<double> derivatives = [];
        for (int order = 1; order <= 4; order++)
        {
            y = tape.Gradient(y, [x], differentiable: true)[0];
            derivatives.Add(y.ToScalar());
        }
        Assert.That(derivatives, Is.EqualTo(new[] { 108.0, 108.0, 72.0, 24.0 }));
    }

    [Test]
    public void A_target_that_y_does_not_depend_on_has_a_zero_gradient()
    {
        using Tensor x = Scalar(3), stranger = Tensor.From(_device, new Shape(2), [1.0, 2.0]);
        using Tape tape = new(_device);
        Tensor[] gradients = tape.Gradient(tape.Square(x), [stranger, x], differentiable: false);
        Assert.That(gradients[0].ToDoubles(), Is.EqualTo(new[] { 0.0, 0.0 }));
        Assert.That(gradients[1].ToScalar(), Is.EqualTo(6));
    }

    [Test]
    public void A_sweep_records_nothing_that_no_target_needs()
    {
        ConvolutionGeometry geometry = new(1, 4, 4, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1);
        using Tensor x = new(_device, geometry.InputShape), w = new(_device, geometry.FilterShape);
        using Tape tape = new(_device);
        tape.Gradient(tape.Sum(tape.Convolution(x, w, geometry)), [x], differentiable: true);
        Assert.That(tape.Nodes.Select(node => node.Op), Has.Some.TypeOf<ConvolutionInputGradient>().And.None.TypeOf<ConvolutionFilterGradient>());
    }

    [Test]
    public void A_target_on_the_way_gets_its_gradient_and_passes_it_on()
    {
        using Tensor x = Scalar(2);
        using Tape tape = new(_device);
        Tensor squared = tape.Square(x);
        Tensor[] gradients = tape.Gradient(tape.Square(squared), [squared, x], differentiable: false);
        Assert.That(gradients.Select(gradient => gradient.ToScalar()), Is.EqualTo(new[] { 8.0, 32.0 }));
    }

    [Test]
    public void The_last_sweep_keeps_what_was_kept_and_gives_back_the_rest()
    {
        using Tensor x = Scalar(2);
        using Tape tape = new(_device);
        Tensor kept = tape.Exp(x), given = tape.Square(kept), y = tape.Scale(given, 3);
        tape.Keep(kept);
        Tensor gradient = tape.Gradient(y, [x], differentiable: false)[0];

        Assert.That(kept.ToScalar(), Is.EqualTo(Math.Exp(2)));
        Assert.That(gradient.ToScalar(), Is.EqualTo(6 * Math.Exp(4)).Within(1e-9));
        Assert.That(y.ToScalar(), Is.EqualTo(3 * Math.Exp(4)).Within(1e-9));
        Assert.That(() => given.ToScalar(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(4), "x, kept, y and the gradient");
    }

    [Test]
    public void The_last_sweep_holds_no_more_than_a_layer_or_two_of_cotangents()
    {
        const int layers = 50, length = 1000;
        using Tensor x = Tensor.From(_device, new Shape(length), new double[length]);
        using Tape tape = new(_device);
        Tensor h = x;
        for (int i = 0; i < layers; i++)
        {
            h = tape.Tanh(h);
        }
        Tensor y = tape.Sum(h);
        long recorded = _device.Memory.LentElements;
        tape.Gradient(y, [x], differentiable: false);
        Assert.That(_device.Memory.PeakElements - recorded, Is.LessThanOrEqualTo(5 * length));
    }

    [Test]
    public void A_tape_gives_back_all_it_took()
    {
        using Tensor x = Scalar(2);
        int before = _device.Memory.LentBuffers;
        using (Tape tape = new(_device))
        {
            Tensor gradient = tape.Gradient(tape.Exp(tape.Square(x)), [x], differentiable: true)[0];
            tape.Gradient(gradient, [x], differentiable: false);
        }
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(before));
    }

    [Test]
    public void After_the_last_sweep_there_is_no_other()
    {
        using Tensor x = Scalar(2);
        using Tape tape = new(_device);
        Tensor y = tape.Square(x);
        tape.Gradient(y, [x], differentiable: false);
        Assert.That(() => tape.Gradient(y, [x], differentiable: false), Throws.InvalidOperationException.With.Message.Contains("last sweep"));
    }

    [Test]
    public void An_inference_tape_records_nothing_and_says_so()
    {
        using Tensor x = Scalar(2);
        using Tape tape = new(_device, recording: false);
        Tensor y = tape.Square(x);
        Assert.That(tape.Nodes, Is.Empty);
        Assert.That(() => tape.Gradient(y, [x], differentiable: false), Throws.InvalidOperationException.With.Message.Contains("does not record"));
    }

    [Test]
    public void Only_scalars_have_gradients()
    {
        using Tensor x = Tensor.From(_device, new Shape(2), [1.0, 2.0]);
        using Tape tape = new(_device);
        Tensor y = tape.Square(x);
        Assert.That(() => tape.Gradient(y, [x], differentiable: false), Throws.ArgumentException);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_named()
    {
        using Tensor a = new(_device, new Shape(2, 3)), b = new(_device, new Shape(2, 4));
        using Tape tape = new(_device);
        Assert.That(() => tape.Add(a, b), Throws.ArgumentException.With.Message.Contains("[2, 3] and [2, 4]"));
        Assert.That(() => tape.MatMul(a, b), Throws.ArgumentException.With.Message.Contains("can't be multiplied"));
        Assert.That(() => tape.Reshape(a, new Shape(5)), Throws.ArgumentException);
        Assert.That(() => tape.Concatenate(0, a, b), Throws.ArgumentException);
    }

    [Test]
    public void The_fused_batch_norm_is_the_composed_one([Values(1, 0.1)] double slope)
    {
        Random random = new(3);
        double[] Values(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
        Shape image = new(3, 2, 2, 4), channels = new(4);
        Tensor[] leaves =
        [
            Tensor.From(_device, image, Values(48)), Tensor.From(_device, channels, Values(4)), Tensor.From(_device, channels, Values(4)),
        ];
        using Tensor weights = Tensor.From(_device, image, Values(48)), direction = Tensor.From(_device, image, Values(48));

        double[][] Derivatives(Func<Tape, Tensor> batchNorm)
        {
            using Tape tape = new(_device);
            Tensor y = batchNorm(tape);
            Tensor[] gradients = tape.Gradient(tape.Sum(tape.Multiply(tape.Square(y), weights)), leaves, differentiable: true);
            Tensor product = tape.Add(tape.Sum(tape.Multiply(gradients[0], direction)), tape.Add(tape.Sum(gradients[1]), tape.Sum(gradients[2])));
            return [y.ToDoubles(), .. gradients.Select(gradient => gradient.ToDoubles()),
                .. tape.Gradient(product, leaves, differentiable: false).Select(gradient => gradient.ToDoubles())];
        }
        double[][] fused = Derivatives(tape => tape.BatchNorm(leaves[0], leaves[1], leaves[2], 1e-3, slope).Y);
        double[][] composed = Derivatives(tape => tape.LeakyRelu(ComposedBatchNorm(tape, leaves[0], leaves[1], leaves[2], 1e-3), slope));

        Assert.That(fused, Is.EqualTo(composed).Within(1e-11));
    }

    /// <summary>The specification of batch norm: sums and products only.</summary>
    private static Tensor ComposedBatchNorm(Tape tape, Tensor x, Tensor gamma, Tensor beta, double epsilon)
    {
        AxisGeometry axes = AxisGeometry.Leading(x.Shape, 1);
        Tensor centered = tape.Subtract(x, tape.Scale(tape.Sum(x, axes, gamma.Shape), 1.0 / axes.Axis), axes);
        Tensor variance = tape.Scale(tape.Sum(tape.Square(centered), axes, gamma.Shape), 1.0 / axes.Axis);
        Tensor factor = tape.Multiply(gamma, tape.ReciprocalSquareRoot(tape.Offset(variance, epsilon)));
        return tape.Add(tape.Multiply(centered, factor, axes), beta, axes);
    }

    private Tensor Scalar(double value) => Tensor.From(_device, Shape.Scalar, [value]);
}
