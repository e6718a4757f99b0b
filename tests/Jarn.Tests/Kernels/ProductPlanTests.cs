using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Which kernel computes a product, and in how many splits.</summary>
public sealed class ProductPlanTests
{
    /// <summary>Forward products of batch 64: 1024 pixels an image at 160 channels, 256 at 320, 64 at 640.</summary>
    [TestCase(65536, 160, 1440, true, nameof(ProductKernel.Wide))]
    [TestCase(16384, 320, 2880, true, nameof(ProductKernel.Wide))]
    [TestCase(65536, 128, 1152, true, nameof(ProductKernel.Square))]
    [TestCase(65536, 64, 576, true, nameof(ProductKernel.Tall))]
    [TestCase(65536, 16, 144, true, nameof(ProductKernel.Narrow))]
    [TestCase(65536, 16, 27, false, nameof(ProductKernel.Odd))]
    public void The_width_of_the_result_chooses_the_kernel(int rows, int columns, int terms, bool quads, string expected) =>
        Assert.That(ProductPlan.For(new ProductShape(1, rows, columns, terms, quads)).Kernel.ToString(), Is.EqualTo(expected));

    /// <summary>Filter gradients have few tiles and many pixels. An H100 has 132 multiprocessors, which want some 256 threads at least.</summary>
    [TestCase(1440, 160, 65536)]
    [TestCase(2880, 320, 16384)]
    [TestCase(5760, 640, 4096)]
    [TestCase(144, 16, 65536)]
    public void A_long_sum_of_few_tiles_is_split_over_the_machine(int rows, int columns, int terms)
    {
        ProductPlan plan = ProductPlan.For(new ProductShape(1, rows, columns, terms, true));
        (int tileRows, int tileColumns, int threads) = ProductPlan.Extents(plan.Kernel);
        int groups = GpuDevice.DivideUp(rows, tileRows) * GpuDevice.DivideUp(columns, tileColumns) * plan.Splits;
        TestContext.Out.WriteLine($"{rows}×{columns}, {terms} terms: {plan}, {groups} groups of {threads}");
        Assert.That(groups * threads, Is.GreaterThan(120 * 256));
    }

    [Test]
    public void Splits_are_whole_steps_that_cover_the_sum()
    {
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            ProductShape shape = new(
                random.Next(1, 5), random.Next(1, 1 << random.Next(18)), random.Next(1, 700), random.Next(1, 1 << random.Next(1, 18)), i % 2 == 0);
            ProductPlan plan = ProductPlan.For(shape);
            Assert.That(plan.TermsPerSplit % ProductTile.Depth, Is.Zero, $"{shape}");
            Assert.That((long)plan.TermsPerSplit * plan.Splits, Is.GreaterThanOrEqualTo(shape.Terms), $"{shape}");
            Assert.That((long)plan.TermsPerSplit * (plan.Splits - 1), Is.LessThan(shape.Terms), $"{shape}: a split without terms");
        }
    }

    [Test]
    public void Where_there_are_tiles_enough_no_sum_is_split() =>
        Assert.That(ProductPlan.For(new ProductShape(1, 65536, 160, 1440, true)).Splits, Is.EqualTo(1));
}
