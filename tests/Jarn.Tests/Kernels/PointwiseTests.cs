using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class PointwiseTests(TestDevice device) : DeviceFixture(device)
{
    [TestCaseSource(typeof(PointwiseFunctions), nameof(PointwiseFunctions.Unary))]
    public void Map_agrees_with_the_reference<TFunction>(TFunction function) where TFunction : unmanaged, IUnaryFunction
    {
        float[] points = PointwiseFunctions.Points;
        Conformance.Check(Device, MapOf(function, points), Pointwise(function, points));
    }

    [TestCaseSource(typeof(PointwiseFunctions), nameof(PointwiseFunctions.Binary))]
    public void Zip_agrees_with_the_reference<TFunction>(TFunction function) where TFunction : unmanaged, IBinaryFunction
    {
        (float[] x, float[] s) = PointwiseFunctions.Pairs(typeof(TFunction));
        double roundings = PointwiseFunctions.Roundings(typeof(TFunction), Device.Approximates).Forward;
        Conformance.Check(Device, ZipOf(function, x, s, AxisGeometry.Elementwise(x.Length)), Tolerance.Relative(roundings));
    }

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Map_reaches_every_element(int length) =>
        Conformance.Check(Device, MapOf(new Square(), Sample.Normal(length, seed: 1)), Tolerance.Relative(1));

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Map_may_work_in_place(int length)
    {
        LeakyRelu function = new(0.1);
        Call call = new([], [Sample.Normal(length, seed: 2)], (d, _, y) => d.Map(function, y[0], y[0]));
        Conformance.Check(Device, call, Tolerance.Relative(PointwiseFunctions.DefaultRoundings));
    }

    [TestCaseSource(typeof(Axes), nameof(Axes.Cases))]
    public void Zip_repeats_along_the_axis(AxisGeometry geometry) =>
        Conformance.Check(Device, SubtractionOf(geometry), Tolerance.Relative(1));

    [TestCaseSource(typeof(Axes), nameof(Axes.Cases))]
    public void Zip_may_work_in_place(AxisGeometry geometry)
    {
        Call call = new(
            [Sample.Normal(geometry.ReducedLength, seed: 3)],
            [Sample.Normal(geometry.Length, seed: 4)],
            (d, x, y) => d.Zip(new Subtract(), y[0], x[0], geometry, y[0]));
        Conformance.Check(Device, call, Tolerance.Relative(1));
    }

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Elementwise_zip_may_write_over_its_second_operand(int length)
    {
        Call call = new(
            [Sample.Normal(length, seed: 5)],
            [Sample.Normal(length, seed: 6)],
            (d, x, y) => d.Zip(new Subtract(), x[0], y[0], AxisGeometry.Elementwise(length), y[0]));
        Conformance.Check(Device, call, Tolerance.Relative(1));
    }

    [Test]
    public void Elementwise_zip_may_take_one_buffer_for_everything()
    {
        Call call = new([], [Sample.Normal(33, seed: 7)], (d, _, y) => d.Zip(new Multiply(), y[0], y[0], AxisGeometry.Elementwise(33), y[0]));
        Conformance.Check(Device, call, Tolerance.Relative(1));
    }

    [Test]
    public void Map_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, MapOf(new Square(), Sample.Normal(8, seed: 1)));

    [Test]
    public void Zip_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SubtractionOf(new AxisGeometry(2, 3, 4)));

    private static Call MapOf<TFunction>(TFunction function, float[] x) where TFunction : unmanaged, IUnaryFunction =>
        new([x], [Call.Unwritten(x.Length)], (d, x, y) => d.Map(function, x[0], y[0]));

    private static Call SubtractionOf(AxisGeometry geometry) =>
        ZipOf(new Subtract(), Sample.Normal(geometry.Length, seed: 8), Sample.Normal(geometry.ReducedLength, seed: 9), geometry);

    private static Call ZipOf<TFunction>(TFunction function, float[] x, float[] s, AxisGeometry geometry)
        where TFunction : unmanaged, IBinaryFunction =>
        new([x, s], [Call.Unwritten(x.Length)], (d, x, y) => d.Zip(function, x[0], x[1], geometry, y[0]));

    /// <summary>
    /// The mixed forward and backward error (Higham, "Accuracy and Stability of Numerical Algorithms", §1.5): the result may be some
    /// roundings away from the exact value for an argument that is itself some roundings away.
    /// </summary>
    private Tolerance Pointwise<TFunction>(TFunction function, float[] x) where TFunction : unmanaged, IUnaryFunction
    {
        (double forward, double backward) = PointwiseFunctions.Roundings(typeof(TFunction), Device.Approximates);
        double step = backward * Device.First.Description.UnitRoundoff;
        double unit = Device.First.Description.UnitRoundoff;
        return Tolerance.RelativeTo(1, Array.ConvertAll(x, value =>
        {
            double exact = function.Exact(value);
            double moved = Math.Max(
                Math.Abs(function.Exact(value * (1 + step)) - exact), Math.Abs(function.Exact(value * (1 - step)) - exact));
            return (forward * Math.Abs(exact)) + (moved / unit);
        }));
    }
}
