using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class WindowTests(TestDevice device) : DeviceFixture(device)
{
    private static readonly WindowGeometry[] Cases =
    [
        new(1, 1, 1, 0, 1),
        new(1, 9, 1, 0, 9),
        new(1, 1000, 1, 31, 33),
        new(3, 8, 7, 1, 6),
        new(2, 5, 33, 4, 1),
        new(7, 10, 1, 3, 1),
        new(31, 9, 1, 0, 8),
        new(4, 2, 1000, 1, 1),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Slice_agrees_with_the_reference(WindowGeometry geometry) => Conformance.Check(Device, SliceOf(geometry), Tolerance.Exact);

    [TestCaseSource(nameof(Cases))]
    public void Place_agrees_with_the_reference_and_leaves_the_rest(WindowGeometry geometry) =>
        Conformance.Check(Device, PlaceOf(geometry), Tolerance.Exact);

    [Test]
    public void Slice_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SliceOf(new WindowGeometry(2, 5, 3, 1, 2)));

    [Test]
    public void Place_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, PlaceOf(new WindowGeometry(2, 5, 3, 1, 2)));

    [TestCase(-1, 2)]
    [TestCase(4, 2)]
    [TestCase(2, int.MaxValue)]
    public void A_window_over_the_edge_is_refused(int start, int extent)
    {
        WindowGeometry geometry = new(2, 5, 3, start, extent);
        using DeviceBuffer full = Device.First.Allocate(30), window = Device.First.Allocate(12);
        Assert.Multiple(() =>
        {
            Assert.That(() => Device.First.Slice(full, geometry, window), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Place(window, geometry, full), Throws.InstanceOf<ArgumentException>());
        });
    }

    private static Call SliceOf(WindowGeometry geometry) =>
        new([Sample.Normal(geometry.Length, seed: 1)], [Call.Unwritten(geometry.WindowLength)], (d, x, y) => d.Slice(x[0], geometry, y[0]));

    private static Call PlaceOf(WindowGeometry geometry) =>
        new([Sample.Normal(geometry.WindowLength, seed: 2)], [Sample.Normal(geometry.Length, seed: 3)], (d, x, y) => d.Place(x[0], geometry, y[0]));
}
