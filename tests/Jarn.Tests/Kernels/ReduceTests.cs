using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class ReduceTests(TestDevice device) : DeviceFixture(device)
{
    [TestCaseSource(typeof(Axes), nameof(Axes.Cases))]
    public void Sum_agrees_with_the_reference(AxisGeometry geometry) =>
        Conformance.Check(Device, SumOf(geometry, Sample.Normal(geometry.Length, seed: 1)), Tolerance.Sum(geometry.Axis));

    [TestCaseSource(typeof(Axes), nameof(Axes.Cases))]
    public void Sum_of_numbers_far_from_zero_agrees_with_the_reference(AxisGeometry geometry) =>
        Conformance.Check(Device, SumOf(geometry, Sample.Normal(geometry.Length, seed: 2, mean: 1000)), Tolerance.Sum(geometry.Axis));

    [TestCaseSource(typeof(Axes), nameof(Axes.Cases))]
    public void Broadcast_agrees_with_the_reference(AxisGeometry geometry) => Conformance.Check(Device, BroadcastOf(geometry), Tolerance.Exact);

    [Test]
    public void Sum_refuses_buffers_that_cannot_be_right()
    {
        AxisGeometry geometry = new(2, 3, 4);
        Conformance.CheckRefusals(Device, SumOf(geometry, Sample.Normal(geometry.Length, seed: 1)));
    }

    [Test]
    public void Broadcast_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, BroadcastOf(new AxisGeometry(2, 3, 4)));

    private static Call SumOf(AxisGeometry geometry, float[] x) =>
        new([x], [Call.Unwritten(geometry.ReducedLength)], (d, x, y) => d.Sum(x[0], geometry, y[0]));

    private static Call BroadcastOf(AxisGeometry geometry) =>
        new([Sample.Normal(geometry.ReducedLength, seed: 3)], [Call.Unwritten(geometry.Length)], (d, x, y) => d.Broadcast(x[0], geometry, y[0]));
}

/// <summary>Leading, trailing, middle and all axes, at odd extents.</summary>
public static class Axes
{
    public static AxisGeometry[] Cases { get; } =
    [
        new(1, 1, 1),
        .. Lengths.Tails.Select(length => new AxisGeometry(1, length, 1)),
        .. Lengths.Tails.Select(AxisGeometry.Elementwise),
        AxisGeometry.Leading(new Shape(2, 5, 7, 3), kept: 1),
        AxisGeometry.Leading(new Shape(100, 10), kept: 1),
        AxisGeometry.Leading(new Shape(517, 16), kept: 1),
        AxisGeometry.Leading(new Shape(65, 33), kept: 1),
        AxisGeometry.Leading(new Shape(3, 1000), kept: 1),
        AxisGeometry.Leading(new Shape(8, 8, 3), kept: 1),
        new(3, 96, 5),
        AxisGeometry.Trailing(new Shape(3, 7, 7, 3), kept: 1),
        AxisGeometry.Trailing(new Shape(33, 10), kept: 1),
        AxisGeometry.Trailing(new Shape(2, 1025), kept: 1),
        AxisGeometry.Trailing(new Shape(1000, 1), kept: 1),
        new(3, 5, 7),
        new(2, 64, 33),
        new(33, 2, 9),
        new(5, 300, 2),
        new(9, 1, 31),
        new(3, 150, 8),
    ];
}
