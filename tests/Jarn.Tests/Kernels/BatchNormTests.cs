using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class BatchNormTests(TestDevice device) : DeviceFixture(device)
{
    private const double Epsilon = 1e-3;

    private static readonly BatchNormGeometry[] Cases =
    [
        new(1, 1, Epsilon),
        new(2, 7, Epsilon),
        new(7, 1, Epsilon),
        new(31, 8, Epsilon),
        new(33, 9, Epsilon),
        new(64, 16, Epsilon),
        new(100, 33, 1e-5),
        new(129, 160, Epsilon),
        new(1000, 3, Epsilon),
        new(1030, 16, Epsilon),
        new(4097, 17, Epsilon),
    ];

    [TestCaseSource(nameof(Cases))]
    public void BatchNorm_agrees_with_the_reference(BatchNormGeometry geometry) => CheckForward(new BatchNormData(geometry));

    [TestCaseSource(nameof(Cases))]
    public void Its_gradient_agrees_with_the_reference(BatchNormGeometry geometry) => CheckGradient(new BatchNormData(geometry));

    [TestCaseSource(nameof(Cases))]
    public void Its_gradients_gradient_agrees_with_the_reference(BatchNormGeometry geometry) => CheckGradientGradient(new BatchNormData(geometry));

    /// <summary>E[x²] − μ² loses all digits here: the tolerance grows with the condition |μ|/σ, not with its square.</summary>
    [TestCase(7, 3)]
    [TestCase(64, 16)]
    [TestCase(1000, 33)]
    public void A_mean_that_dwarfs_the_deviation_costs_no_more_than_its_condition(int samples, int channels)
    {
        BatchNormData data = new(new BatchNormGeometry(samples, channels, 1e-5), mean: 1000, deviation: 0.1);
        CheckForward(data);
        CheckGradient(data);
        CheckGradientGradient(data);
    }

    /// <summary>The bounds hold as they are: a slope only makes cotangents smaller.</summary>
    [TestCase(7, 1)]
    [TestCase(33, 9)]
    [TestCase(300, 17)]
    [TestCase(300, 12)]
    public void With_a_leaky_ReLU_behind_it_all_three_orders_agree(int samples, int channels)
    {
        BatchNormData data = BatchNormData.OffTheKink(new BatchNormGeometry(samples, channels, Epsilon, Slope: 0.1));
        CheckForward(data);
        CheckGradient(data);
        CheckGradientGradient(data);
    }

    [Test]
    public void A_constant_channel_is_finite()
    {
        BatchNormData data = new(new BatchNormGeometry(64, 9, Epsilon), mean: 0.5, deviation: 0);
        CheckForward(data);
        CheckGradient(data);
        CheckGradientGradient(data);
    }

    [Test]
    public void BatchNorm_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SmallData.Forward);

    [Test]
    public void Its_gradient_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SmallData.Gradient);

    [Test]
    public void Its_gradients_gradient_refuses_buffers_that_cannot_be_right() => Conformance.CheckRefusals(Device, SmallData.GradientGradient);

    private static BatchNormData SmallData => new(new BatchNormGeometry(5, 3, Epsilon));

    private void CheckForward(BatchNormData data) => Conformance.Check(Device, data.Forward, Tolerance.RelativeTo(2, BatchNormErrors.Forward(data)));

    private void CheckGradient(BatchNormData data) =>
        Conformance.Check(Device, data.Gradient, Tolerance.RelativeTo(2, BatchNormErrors.Gradient(data)));

    private void CheckGradientGradient(BatchNormData data) =>
        Conformance.Check(Device, data.GradientGradient, Tolerance.RelativeTo(2, BatchNormErrors.GradientGradient(data)));
}

/// <summary>Inputs of batch norm's three orders, and the calls on them.</summary>
public sealed class BatchNormData
{
    public BatchNormData(
        BatchNormGeometry geometry, double mean = 0.5, double deviation = 1, float[]? x = null, float[]? gamma = null, float[]? beta = null)
    {
        Geometry = geometry;
        int length = geometry.Length, channels = geometry.Channels;
        X = x ?? Sample.Normal(length, seed: 1, mean, deviation);
        Gamma = gamma ?? Sample.Normal(channels, seed: 2);
        Beta = beta ?? Sample.Normal(channels, seed: 3);
        OutputCotangent = Sample.Normal(length, seed: 4);
        XCotangent = Sample.Normal(length, seed: 5);
        GammaCotangent = Sample.Normal(channels, seed: 6);
        BetaCotangent = Sample.Normal(channels, seed: 7);
        double[][] statistics = Forward.OnReference();
        Mean = Array.ConvertAll(statistics[1], value => (float)value);
        ReciprocalDeviation = Array.ConvertAll(statistics[2], value => (float)value);
    }

    public BatchNormGeometry Geometry { get; }

    /// <summary>
    /// Alternately near 1 and near −1, γ from ½ on and β = 0: nowhere do rounding errors decide on which side of the leaky ReLU's kink it is.
    /// </summary>
    public static BatchNormData OffTheKink(BatchNormGeometry geometry) => new(
        geometry,
        x: [.. Sample.Normal(geometry.Length, seed: 1)
            .Select((noise, i) => (i / geometry.Channels % 2 == 0 ? 1 : -1) * (1 + (0.1f * Math.Clamp(noise, -2, 2))))],
        gamma: [.. Sample.Normal(geometry.Channels, seed: 2).Select(value => 0.5f + Math.Abs(value))],
        beta: new float[geometry.Channels]);

    public float[] X { get; }

    public float[] Gamma { get; }

    public float[] Beta { get; }

    /// <summary>The forward pass's, rounded: inputs of the gradients, the same for each device.</summary>
    public float[] Mean { get; }

    public float[] ReciprocalDeviation { get; }

    public float[] OutputCotangent { get; }

    public float[] XCotangent { get; }

    public float[] GammaCotangent { get; }

    public float[] BetaCotangent { get; }

    public Call Forward => new(
        [X, Gamma, Beta],
        [Unwritten, UnwrittenChannels, UnwrittenChannels],
        (d, x, y) => d.BatchNorm(x[0], x[1], x[2], Geometry, y[0], y[1], y[2]));

    public Call Gradient => new(
        GradientInputs,
        [Unwritten, UnwrittenChannels, UnwrittenChannels],
        (d, x, y) => d.BatchNormGradient(Inputs(x), Geometry, y[0], y[1], y[2]));

    public Call GradientGradient => new(
        [.. GradientInputs, XCotangent, GammaCotangent, BetaCotangent],
        [Unwritten, UnwrittenChannels, Unwritten],
        (d, x, y) => d.BatchNormGradientGradient(Inputs(x), new BatchNormSecondCotangents(x[6], x[7], x[8]), Geometry, y[0], y[1], y[2]));

    private float[][] GradientInputs => [X, Gamma, OutputCotangent, Mean, ReciprocalDeviation, Beta];

    private float[] Unwritten => Call.Unwritten(Geometry.Length);

    private float[] UnwrittenChannels => Call.Unwritten(Geometry.Channels);

    private static BatchNormGradientInputs Inputs(DeviceBuffer[] x) => new(x[0], x[1], x[2], x[3], x[4], x[5]);
}
