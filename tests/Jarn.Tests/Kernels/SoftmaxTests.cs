using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class SoftmaxTests(TestDevice device) : FastDeviceFixture(device)
{
    private static readonly RowGeometry[] Cases = [new(1, 1), new(1, 10), new(7, 10), new(33, 2), new(8, 9), new(5, 100), new(2, 1000), new(300, 10)];

    [TestCaseSource(nameof(Cases))]
    public void LogSumExp_agrees_with_the_reference(RowGeometry geometry) => CheckLogSumExp(geometry, Logits(geometry, 3));

    [TestCaseSource(nameof(Cases))]
    public void Softmax_agrees_with_the_reference(RowGeometry geometry) => CheckSoftmax(geometry, Logits(geometry, 3));

    [TestCaseSource(nameof(Cases))]
    public void LogSumExp_does_not_overflow(RowGeometry geometry) => CheckLogSumExp(geometry, ExtremeLogits(geometry));

    [TestCaseSource(nameof(Cases))]
    public void Softmax_does_not_overflow(RowGeometry geometry) => CheckSoftmax(geometry, ExtremeLogits(geometry));

    [Test]
    public void LogSumExp_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, LogSumExpOf(new RowGeometry(2, 5), new float[10]));

    [Test]
    public void Softmax_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SoftmaxOf(new RowGeometry(2, 5), new float[10]));

    /// <summary>Both functions, on moderate logits and on extreme ones.</summary>
    internal void CheckBoth(RowGeometry geometry)
    {
        foreach (float[] logits in (float[][])[Logits(geometry, 3), ExtremeLogits(geometry)])
        {
            CheckLogSumExp(geometry, logits);
            CheckSoftmax(geometry, logits);
        }
    }

    /// <summary>
    /// exp's result is off by a few roundings and by its argument's own, log's by as many of the largest logit: absolutely, since the
    /// logarithm may be near zero.
    /// </summary>
    private void CheckLogSumExp(RowGeometry geometry, float[] logits)
    {
        double[] magnitudes = [.. logits.Chunk(geometry.Columns).Select(row => 1 + row.Max(logit => Math.Abs((double)logit)))];
        Conformance.Check(Device, LogSumExpOf(geometry, logits), Tolerance.RelativeTo(Roundings(geometry), magnitudes));
    }

    /// <summary>An error δ of x − log Σ exp is a relative one of its exponential, and δ grows with the larger of both.</summary>
    private void CheckSoftmax(RowGeometry geometry, float[] logits) =>
        Conformance.Check(Device, SoftmaxOf(geometry, logits), new Tolerance(Roundings(geometry), (_, expected) =>
            [[.. expected[0].Select((y, i) => y * (1 + logits.Skip(i / geometry.Columns * geometry.Columns).Take(geometry.Columns).Max(Math.Abs)))]]));

    private double Roundings(RowGeometry geometry) => Tolerance.SumRoundings(geometry.Columns) + (Device.Approximates ? 16 : 8);

    private static float[] Logits(RowGeometry geometry, double deviation) => Sample.Normal(geometry.Length, seed: 1, deviation: deviation);

    /// <summary>±1000 here and there: exp would overflow or vanish.</summary>
    private static float[] ExtremeLogits(RowGeometry geometry) =>
        [.. Logits(geometry, 300).Select((logit, i) => (i % 7) switch { 0 => 1000f, 3 => -1000f, _ => logit })];

    private static Call LogSumExpOf(RowGeometry geometry, float[] logits) =>
        new([logits], [Call.Unwritten(geometry.Rows)], (d, x, y) => d.LogSumExp(x[0], geometry, y[0]));

    private static Call SoftmaxOf(RowGeometry geometry, float[] logits) =>
        new([logits], [Call.Unwritten(geometry.Length)], (d, x, y) => d.Softmax(x[0], geometry, y[0]));
}
