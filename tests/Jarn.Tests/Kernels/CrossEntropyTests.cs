using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class CrossEntropyTests(TestDevice device) : FastDeviceFixture(device)
{
    private static RowGeometry[] Cases => SoftmaxTests.Cases;

    [TestCaseSource(nameof(Cases))]
    public void Both_orders_agree_with_the_reference(RowGeometry geometry) => CheckAll(geometry);

    [Test]
    public void Buffers_that_cannot_be_right_are_refused()
    {
        CrossEntropyData data = new(new RowGeometry(2, 5), new float[10], OneHot(new RowGeometry(2, 5)));
        Conformance.CheckRefusals(Device, data.Forward);
        Conformance.CheckRefusals(Device, data.Gradient);
    }

    /// <summary>A rounding error in place of zero is a direction that attacks follow.</summary>
    [Test]
    public void Where_the_softmax_is_saturated_the_gradients_are_exactly_zero()
    {
        RowGeometry geometry = new(7, 10);
        float[] labels = OneHot(geometry);
        CrossEntropyData data = new(geometry, Array.ConvertAll(labels, label => label == 1 ? 37.3f : -142.9f), labels);
        // In double the other classes keep e^−180.
        double bound = Device.Kind == DeviceKind.Reference ? 1e-70 : 0;
        double[] gradient = data.Gradient.On(Device.First).Outputs[0];
        double[] probabilities = SoftmaxTests.SoftmaxOf(geometry, data.Logits).On(Device.First).Outputs[0];
        Call jacobian = SoftmaxTests.GradientOf(geometry, Array.ConvertAll(probabilities, p => (float)p));
        Assert.Multiple(() =>
        {
            Assert.That(data.Forward.On(Device.First).Outputs[0], Is.All.Zero);
            Assert.That(gradient, Is.All.EqualTo(0).Within(bound));
            Assert.That(jacobian.On(Device.First).Outputs[0], Is.All.EqualTo(0).Within(bound));
        });
    }

    /// <summary>One-hot labels and soft ones that needn't sum to one, on moderate logits and on extreme ones.</summary>
    internal void CheckAll(RowGeometry geometry)
    {
        foreach (float[] logits in (float[][])[SoftmaxTests.Logits(geometry), SoftmaxTests.ExtremeLogits(geometry)])
        {
            foreach (float[] labels in (float[][])[OneHot(geometry), Sample.Normal(geometry.Length, seed: 2)])
            {
                CrossEntropyData data = new(geometry, logits, labels);
                Conformance.Check(Device, data.Forward, Tolerance.RelativeTo(2, Errors(data, row => [row.Loss])));
                Conformance.Check(Device, data.Gradient, Tolerance.RelativeTo(2, Errors(data, row => row.Gradient)));
            }
        }
    }

    private double[] Errors(CrossEntropyData data, Func<CrossEntropyRow, IEnumerable<Rounded>> output) =>
        [.. Enumerable.Range(0, data.Geometry.Rows).SelectMany(row => output(new CrossEntropyRow(data, row, Device))).Select(value => value.Error)];

    private static float[] OneHot(RowGeometry geometry) =>
        [.. Enumerable.Range(0, geometry.Length).Select(i => i % geometry.Columns == i / geometry.Columns % geometry.Columns ? 1f : 0f)];
}

/// <summary>Inputs of the cross-entropy's two orders, and the calls on them.</summary>
internal sealed record CrossEntropyData(RowGeometry Geometry, float[] Logits, float[] Labels)
{
    public float[] LossCotangent { get; } = Sample.Normal(Geometry.Rows, seed: 3);

    public Call Forward => new([Logits, Labels], [Call.Unwritten(Geometry.Rows)], (d, x, y) => d.CrossEntropy(x[0], x[1], Geometry, y[0]));

    public Call Gradient => new(
        [Logits, Labels, LossCotangent], [Call.Unwritten(Geometry.Length)], (d, x, y) => d.CrossEntropyGradient(x[0], x[1], x[2], Geometry, y[0]));
}

/// <summary>A row's results as sums of absolute values, with the errors of the formulas at the devices' methods.</summary>
internal sealed class CrossEntropyRow
{
    public CrossEntropyRow(CrossEntropyData data, int row, TestDevice device)
    {
        int columns = data.Geometry.Columns, first = row * columns;
        float[] z = data.Logits[first..(first + columns)];
        Rounded[] y = [.. data.Labels[first..(first + columns)].Select(label => (Rounded)label)];
        Rounded[] exponentials = SoftmaxErrors.Exponentials(z, device), p = SoftmaxErrors.Softmax(z, device);
        Rounded labels = Rounded.Sum(y), g = data.LossCotangent[row];
        double maximum = z.Max();
        Rounded missed = Rounded.Sum([.. y.Zip(z, (label, logit) => label * (maximum - logit))]);
        Loss = (labels * SoftmaxErrors.Logarithm(Rounded.Sum(exponentials), device)) + missed;
        Gradient = [.. p.Zip(y, (share, label) => g * ((share * labels) + label))];
    }

    public Rounded Loss { get; }

    public Rounded[] Gradient { get; }
}
