using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Tests.Kernels;

namespace Jarn.Tests.Models;

public sealed class AttackLossTests(TestDevice device) : DeviceFixture(device)
{
    private const int Classes = 4;

    /// <summary>Logits of every size, ties among the wrong classes, and a true class that is largest, smallest, or tied.</summary>
    private static readonly (float[] Logits, int Label)[] Rows =
    [
        ([1, 2, 3, 4], 3), ([1, 2, 3, 4], 0), ([1e4f, -3e4f, 2e4f, 1e4f], 2), ([1e15f, -1e15f, 0, 1], 0), ([5, 5, 5, 1], 0), ([2, 7, 7, 7], 0),
        ([0, 0, 0, 0], 1), ([-1e-10f, -2e-10f, -3e-10f, 0], 3), ([1, 1 + 1e-6f, 0, 9], 3), ([-1e15f, -3e15f, -2e15f, -9e15f], 3),
    ];

    [Test]
    public void The_margin_is_the_largest_wrong_logit_minus_the_true_one_and_its_gradient_is_one_at_each_at_any_scale()
    {
        IDevice device = Device.First;
        Shape shape = new(Rows.Length, Classes);
        using Tensor logits = Tensor.From(device, shape, [.. Rows.SelectMany(row => row.Logits)]);
        using Tensor labels = Tensor.From(
            device, shape, [.. Rows.SelectMany(row => Enumerable.Range(0, Classes).Select(i => i == row.Label ? 1f : 0f))]);
        using Tape tape = new(device);
        Tensor losses = AttackLoss.Margin.PerSample(tape, logits, labels);
        double[] values = losses.ToDoubles(), gradients = tape.Gradient(tape.Sum(losses), [logits], differentiable: false)[0].ToDoubles();
        for (int row = 0; row < Rows.Length; row++)
        {
            (float[] z, int label) = Rows[row];
            double largest = z.Where((_, i) => i != label).Max();
            int ties = z.Where((value, i) => i != label && value == largest).Count();
            Assert.That(values[row], Is.EqualTo(largest - z[label]).Within(1e-6 * z.Max(Math.Abs)), $"row {row}");
            Assert.That(gradients[(row * Classes)..((row + 1) * Classes)],
                Is.EqualTo(z.Select((value, i) => i == label ? -1.0 : value == largest ? 1.0 / ties : 0)).Within(1e-6), $"row {row}");
        }
    }
}
