using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class SoftmaxTests(TestDevice device) : FastDeviceFixture(device)
{
    internal static readonly RowGeometry[] Cases =
    [
        new(1, 1), new(1, 10), new(7, 10), new(33, 2), new(8, 9), new(3, 32), new(3, 33), new(5, 100), new(2, 1000), new(300, 10),
    ];

    [TestCaseSource(nameof(Cases))]
    public void It_agrees_with_the_reference(RowGeometry geometry) => CheckAll(geometry);

    [Test]
    public void Buffers_that_cannot_be_right_are_refused()
    {
        Conformance.CheckRefusals(Device, SoftmaxOf(new RowGeometry(2, 5), new float[10]));
        Conformance.CheckRefusals(Device, GradientOf(new RowGeometry(2, 5), new float[10]));
    }

    /// <summary>On moderate logits and on extreme ones.</summary>
    internal void CheckAll(RowGeometry geometry)
    {
        foreach (float[] logits in (float[][])[Logits(geometry), ExtremeLogits(geometry)])
        {
            double[] errors = [.. logits.Chunk(geometry.Columns).SelectMany(row => SoftmaxErrors.Softmax(row, Device)).Select(p => p.Error)];
            Conformance.Check(Device, SoftmaxOf(geometry, logits), Tolerance.RelativeTo(2, errors));
        }
        float[] probabilities = Sample.Uniform(geometry.Length, seed: 5);
        Conformance.Check(Device, GradientOf(geometry, probabilities), Tolerance.RelativeTo(2, SoftmaxErrors.Gradient(geometry, probabilities)));
    }

    internal static float[] Logits(RowGeometry geometry) => Sample.Normal(geometry.Length, seed: 1, deviation: 3);

    /// <summary>±1000 here and there: exp would overflow or vanish.</summary>
    internal static float[] ExtremeLogits(RowGeometry geometry) =>
        [.. Sample.Normal(geometry.Length, seed: 1, deviation: 300).Select((logit, i) => (i % 7) switch { 0 => 1000f, 3 => -1000f, _ => logit })];

    internal static Call SoftmaxOf(RowGeometry geometry, float[] logits) =>
        new([logits], [Call.Unwritten(geometry.Length)], (d, x, y) => d.Softmax(x[0], geometry, y[0]));

    internal static Call GradientOf(RowGeometry geometry, float[] probabilities) =>
        new([probabilities, Cotangent(geometry)], [Call.Unwritten(geometry.Length)], (d, x, y) => d.SoftmaxGradient(x[0], x[1], geometry, y[0]));

    internal static float[] Cotangent(RowGeometry geometry) => Sample.Normal(geometry.Length, seed: 6);
}

/// <summary>Error bounds of what is made of a row's exponentials, in units of u.</summary>
internal static class SoftmaxErrors
{
    /// <summary>exp(z − max): its argument's rounding is a relative error, and exp has a few of its own.</summary>
    public static Rounded[] Exponentials(float[] row, TestDevice device)
    {
        double maximum = row.Max();
        return [.. row.Select(z => Scaled(Math.Exp(z - maximum), Roundings(device) + (maximum - z)))];
    }

    public static Rounded[] Softmax(float[] row, TestDevice device)
    {
        Rounded[] exponentials = Exponentials(row, device);
        Rounded share = Reciprocal(Rounded.Sum(exponentials), device);
        return [.. exponentials.Select(e => e * share)];
    }

    /// <summary>y(g − Σgy)</summary>
    public static double[] Gradient(RowGeometry geometry, float[] probabilities) =>
    [
        .. probabilities.Chunk(geometry.Columns).Zip(SoftmaxTests.Cotangent(geometry).Chunk(geometry.Columns)).SelectMany(row =>
        {
            Rounded gy = Rounded.Sum([.. row.First.Zip(row.Second, (y, g) => (Rounded)y * g)]);
            return row.First.Zip(row.Second, (y, g) => (y * (g + gy)).Error);
        }),
    ];

    public static Rounded Logarithm(Rounded x, TestDevice device)
    {
        double size = Math.Abs(Math.Log(x.Size));
        return new Rounded(size, (x.Error / x.Size) + (Roundings(device) * (1 + size)));
    }

    private static Rounded Reciprocal(Rounded x, TestDevice device) => Scaled(1 / x.Size, (x.Error / x.Size) + Roundings(device));

    private static Rounded Scaled(double size, double roundings) => new(size, size * roundings);

    /// <summary>As <see cref="PointwiseFunctions.Roundings"/> has them of exp, log and division.</summary>
    private static double Roundings(TestDevice device) => device.Approximates ? 16 : 4;
}
