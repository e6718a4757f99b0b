using Jarn.Kernels;
using static Jarn.Tests.Kernels.Reference.Adjoints;

namespace Jarn.Tests.Kernels.Reference;

/// <summary>⟨A(x), y⟩ = ⟨x, Aᵀ(y)⟩ for the operations that come in pairs, and one example of each by hand.</summary>
public sealed class ReferenceAdjointTests
{
    [Test]
    public void Broadcast_is_the_adjoint_of_sum()
    {
        AxisGeometry geometry = new(3, 4, 5);
        AssertAdjoint(60, 15, (d, x, y) => d.Sum(x[0], geometry, y[0]), (d, y, x) => d.Broadcast(y[0], geometry, x[0]));
    }

    [Test]
    public void Place_on_zeros_is_the_adjoint_of_slice()
    {
        WindowGeometry geometry = new(3, 7, 2, 2, 4);
        AssertAdjoint(42, 24, (d, x, y) => d.Slice(x[0], geometry, y[0]), (d, y, x) =>
        {
            d.Fill(0, x[0]);
            d.Place(y[0], geometry, x[0]);
        });
    }

    [Test]
    public void AverageUnpool_is_the_adjoint_of_average_pool()
    {
        PoolGeometry geometry = new(2, 5, 7, 3, 2);
        AssertAdjoint(210, 36, (d, x, y) => d.AveragePool(x[0], geometry, y[0]), (d, y, x) => d.AverageUnpool(y[0], geometry, x[0]));
    }

    /// <summary>⟨A·B, C⟩ = ⟨A, C·Bᵀ⟩ = ⟨B, Aᵀ·C⟩</summary>
    [Test]
    public void MatMul_with_transposes_is_its_own_adjoint()
    {
        double[] a = Normal(3 * 5, seed: 1), b = Normal(5 * 4, seed: 2), c = Normal(3 * 4, seed: 3);
        double form = Inner(Run(12, (d, x, y) => d.MatMul(x[0], x[1], new MatMulGeometry(3, 4, 5), y[0]), a, b), c);
        double[] aBar = Run(15, (d, x, y) => d.MatMul(x[0], x[1], new MatMulGeometry(3, 5, 4, TransposeB: true), y[0]), c, b);
        double[] bBar = Run(20, (d, x, y) => d.MatMul(x[0], x[1], new MatMulGeometry(5, 4, 3, TransposeA: true), y[0]), a, c);
        Assert.Multiple(() =>
        {
            Assert.That(Inner(a, aBar), Is.EqualTo(form).Within(1e-12));
            Assert.That(Inner(b, bBar), Is.EqualTo(form).Within(1e-12));
        });
    }

    /// <summary>(1 2 / 3 4)·(5 6 / 7 8), each factor stored both ways.</summary>
    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public void MatMul_by_hand(bool transposeA, bool transposeB)
    {
        double[] a = transposeA ? [1, 3, 2, 4] : [1, 2, 3, 4], b = transposeB ? [5, 7, 6, 8] : [5, 6, 7, 8];
        double[] c = Run(4, (d, x, y) => d.MatMul(x[0], x[1], new MatMulGeometry(2, 2, 2, transposeA, transposeB), y[0]), a, b);
        Assert.That(c, Is.EqualTo(new double[] { 19, 22, 43, 50 }));
    }

    [Test]
    public void Sum_over_the_middle_axis_by_hand() =>
        Assert.That(Run(4, (d, x, y) => d.Sum(x[0], new AxisGeometry(2, 3, 2), y[0]), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
            Is.EqualTo(new double[] { 9, 12, 27, 30 }));

    [Test]
    public void Slice_by_hand() =>
        Assert.That(Run(4, (d, x, y) => d.Slice(x[0], new WindowGeometry(2, 3, 1, 1, 2), y[0]), [1, 2, 3, 4, 5, 6]),
            Is.EqualTo(new double[] { 2, 3, 5, 6 }));

    /// <summary>3×3 pixels of one channel: the window 2 leaves out the last row and column.</summary>
    [Test]
    public void AveragePool_by_hand() =>
        Assert.That(
            Run(1, (d, x, y) => d.AveragePool(x[0], new PoolGeometry(1, 3, 3, 1, 2), y[0]), [1, 2, 9, 3, 6, 9, 9, 9, 9]), Is.EqualTo(new[] { 3.0 }));

    /// <summary>log(e¹ + e² + e³) = 3 + log(1 + e⁻¹ + e⁻²)</summary>
    [Test]
    public void Softmax_and_cross_entropy_by_hand()
    {
        double sum = 1 + Math.Exp(-1) + Math.Exp(-2);
        RowGeometry geometry = new(2, 3);
        double[] logits = [1, 2, 3, 1001, 1002, 1003], labels = [0, 1, 0, 0.5, 0, 0.5];
        double[] losses = Run(2, (d, x, y) => d.CrossEntropy(x[0], x[1], geometry, y[0]), logits, labels);
        double[] probabilities = Run(6, (d, x, y) => d.Softmax(x[0], geometry, y[0]), logits);
        double[] row = [Math.Exp(-2) / sum, Math.Exp(-1) / sum, 1 / sum];
        Assert.Multiple(() =>
        {
            Assert.That(losses, Is.EqualTo(new[] { 1 + Math.Log(sum), 1 + Math.Log(sum) }).Within(1e-12));
            Assert.That(probabilities, Is.EqualTo(row.Concat(row)).Within(1e-12));
        });
    }

    private static void AssertAdjoint(int inputs, int outputs, Operation map, Operation adjoint)
    {
        double[] x = Normal(inputs, seed: 1), y = Normal(outputs, seed: 2);
        Assert.That(Inner(Run(outputs, map, x), y), Is.EqualTo(Inner(x, Run(inputs, adjoint, y))).Within(1e-12));
    }
}
