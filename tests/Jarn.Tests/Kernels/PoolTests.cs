using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class PoolTests(TestDevice device) : DeviceFixture(device)
{
    /// <summary>Windows that fill the image, that leave a rim, that are a pixel, and global pooling.</summary>
    private static readonly PoolGeometry[] Cases =
    [
        new(1, 1, 1, 1, 1),
        new(2, 4, 4, 8, 2),
        new(3, 7, 9, 3, 2),
        new(1, 8, 8, 33, 8),
        new(2, 5, 11, 17, 3),
        new(2, 5, 7, 12, 2),
        new(2, 6, 5, 1, 5),
        new(5, 3, 3, 7, 1),
        new(1, 32, 32, 16, 2),
    ];

    [TestCaseSource(nameof(Cases))]
    public void AveragePool_agrees_with_the_reference(PoolGeometry geometry) =>
        Conformance.Check(Device, PoolOf(geometry), Tolerance.Sum((geometry.Window * geometry.Window) + 1));

    [TestCaseSource(nameof(Cases))]
    public void AverageUnpool_agrees_with_the_reference(PoolGeometry geometry) =>
        Conformance.Check(Device, UnpoolOf(geometry), Tolerance.Relative(2));

    [Test]
    public void AveragePool_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, PoolOf(new PoolGeometry(2, 5, 4, 3, 2)));

    [Test]
    public void AverageUnpool_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, UnpoolOf(new PoolGeometry(2, 5, 4, 3, 2)));

    [Test]
    public void A_window_larger_than_the_image_is_refused()
    {
        PoolGeometry geometry = new(1, 3, 3, 1, 4);
        using DeviceBuffer image = Device.First.Allocate(9), pooled = Device.First.Allocate(1);
        Assert.Multiple(() =>
        {
            Assert.That(() => Device.First.AveragePool(image, geometry, pooled), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.AverageUnpool(pooled, geometry, image), Throws.InstanceOf<ArgumentException>());
        });
    }

    private static Call PoolOf(PoolGeometry g) =>
        new([Sample.Normal(g.InputShape.Length, seed: 1)], [Call.Unwritten(g.OutputShape.Length)], (d, x, y) => d.AveragePool(x[0], g, y[0]));

    private static Call UnpoolOf(PoolGeometry g) =>
        new([Sample.Normal(g.OutputShape.Length, seed: 2)], [Call.Unwritten(g.InputShape.Length)], (d, x, y) => d.AverageUnpool(x[0], g, y[0]));
}
