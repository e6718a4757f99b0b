using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Tests.Kernels;

namespace Jarn.Tests.Extending;

/// <summary>The walk of docs/extending.md to a device operation, made by this assembly.</summary>
public sealed class CumulativeSumTests(TestDevice device) : DeviceFixture(device)
{
    [Test]
    public void It_agrees_with_the_reference([Values(1, 7, 40)] int columns, [Values] bool reversed)
    {
        RowGeometry geometry = new(3, columns);
        float[] x = Sample.Normal(geometry.Length, seed: 1);
        // Each sum is off by a rounding for each of its terms.
        double[] magnitudes =
        [
            .. x.Chunk(columns).SelectMany(row => Enumerable.Repeat(columns * row.Sum(value => Math.Abs((double)value)), columns)),
        ];
        Call call = new([x], [Call.Unwritten(geometry.Length)],
            (d, inputs, outputs) => d.Execute(new CumulativeSumCall(inputs[0], geometry, reversed, outputs[0])));
        Conformance.Check(Device, call, Tolerance.RelativeTo(1, magnitudes));
        Conformance.CheckRefusals(Device, call);
    }

    [Test]
    public void It_has_derivatives_of_first_and_second_order()
    {
        using ReferenceDevice reference = new();
        using Tensor x = Tensor.From(reference, new Shape(3, 4), [.. Enumerable.Range(0, 12).Select(i => (i - 5) / 4f)]);
        GradientCheckResult result = GradientCheck.Run(reference, tape => tape.Square(tape.CumulativeSum(x)), [x]);
        Assert.That(result.RelativeError, Is.LessThan(1e-6), result.ToString());
    }
}
