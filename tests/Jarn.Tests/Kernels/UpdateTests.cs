using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class UpdateTests(TestDevice device) : DeviceFixture(device)
{
    private static readonly SgdMomentumStep Sgd = new(LearningRate: 0.1, Momentum: 0.9, WeightDecay: 2e-4);

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void SgdMomentum_agrees_with_the_reference(int length) => CheckSgd(Sgd, length);

    [Test]
    public void SgdMomentum_without_momentum_and_decay_is_gradient_descent() => CheckSgd(new SgdMomentumStep(0.01, 0, 0), 33);

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Adam_agrees_with_the_reference(int length) => CheckAdam(new AdamStep(1e-3, Iteration: 3, WeightDecay: 2e-4), length);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(1000)]
    [TestCase(1_000_000)]
    public void Adam_agrees_with_the_reference_at_iteration(int iteration) => CheckAdam(new AdamStep(1e-3, iteration), 33);

    [Test]
    public void Adam_stays_where_gradient_and_moments_are_zero()
    {
        Call call = new([new float[9]], [Sample.Normal(9, seed: 1), new float[9], new float[9]], AdamOf(new AdamStep(1e-3, Iteration: 1)));
        Conformance.Check(Device, call, Tolerance.Exact);
    }

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void PgdStep_agrees_with_the_reference(int length) => CheckPgd(new PgdStep(2.0 / 255, 8.0 / 255), length, inPlace: false);

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void PgdStep_may_work_in_place(int length) => CheckPgd(new PgdStep(0.01, 0.3), length, inPlace: true);

    [Test]
    public void PgdStep_may_descend() => CheckPgd(new PgdStep(-0.01, 0.03), 1000, inPlace: false);

    [Test]
    public void SgdMomentum_refuses_buffers_that_cannot_be_right() =>
        Conformance.CheckRefusals(Device, new Call([new float[8]], [new float[8], new float[8]], SgdOf(Sgd)));

    [Test]
    public void Adam_refuses_buffers_that_cannot_be_right() =>
        Conformance.CheckRefusals(Device, new Call([new float[8]], [new float[8], new float[8], new float[8]], AdamOf(new AdamStep(1e-3, 1))));

    [Test]
    public void PgdStep_refuses_buffers_that_cannot_be_right()
    {
        PgdStep step = new(0.01, 0.3);
        Conformance.CheckRefusals(Device, new Call(
            [new float[8], new float[8], new float[8]], [Call.Unwritten(8)], (d, x, y) => d.PgdStep(step, x[0], x[1], x[2], y[0])));
    }

    /// <summary>At most four roundings an output, each relative to its sum of absolute values: that is the step with a negative rate.</summary>
    private void CheckSgd(SgdMomentumStep step, int length)
    {
        Call call = new(
            [Sample.Normal(length, seed: 1)], [Sample.Normal(length, seed: 2), Sample.Normal(length, seed: 3)], SgdOf(step));
        Call absolute = call.OnAbsoluteValues() with { Run = SgdOf(step with { LearningRate = -step.LearningRate }) };
        Conformance.Check(Device, call, Tolerance.RelativeTo(8, absolute.OnReference()));
    }

    /// <summary>The moments as sums of absolute values; the second has no other sign, so that the quotient's error is the first moment's.</summary>
    private void CheckAdam(AdamStep step, int length)
    {
        float[] gradient = Sample.Normal(length, seed: 4), parameter = Sample.Normal(length, seed: 5);
        float[] first = Sample.Normal(length, seed: 6), second = Sample.Uniform(length, seed: 7);
        double[][] magnitudes = [new double[length], new double[length], new double[length]];
        for (int i = 0; i < length; i++)
        {
            double decay = step.WeightDecay * parameter[i], g = gradient[i] + decay, gSum = Math.Abs(gradient[i]) + Math.Abs(decay);
            double secondMoment = (step.Beta2 * second[i]) + ((1 - step.Beta2) * g * g);
            magnitudes[1][i] = (step.Beta1 * Math.Abs(first[i])) + ((1 - step.Beta1) * gSum);
            magnitudes[2][i] = (step.Beta2 * second[i]) + ((1 - step.Beta2) * gSum * gSum);
            double root = Math.Sqrt(secondMoment) + step.CorrectedEpsilon;
            magnitudes[0][i] = Math.Abs(parameter[i])
                + (step.CorrectedLearningRate * magnitudes[1][i] / root * magnitudes[2][i] / secondMoment);
        }
        Conformance.Check(Device, new Call([gradient], [parameter, first, second], AdamOf(step)), Tolerance.RelativeTo(8, magnitudes));
    }

    /// <summary>All values are at most 1 + ε + |step|, and the parameters, a sum and a difference are rounded.</summary>
    private void CheckPgd(PgdStep step, int length, bool inPlace)
    {
        float[] origin = Sample.Uniform(length, seed: 8);
        float[] x =
        [
            .. origin.Zip(Sample.Uniform(length, seed: 9, -step.Epsilon, step.Epsilon), (center, noise) => Math.Clamp(center + noise, 0, 1)),
        ];
        // A gradient of exactly zero moves nothing; a tiny one moves a whole step.
        float[] gradient = [.. Sample.Normal(length, seed: 10).Select((g, i) => (i % 5) switch { 0 => 0f, 1 => g * 1e-30f, _ => g })];
        Call call = inPlace
            ? new Call([gradient, origin], [x], (d, inputs, y) => d.PgdStep(step, y[0], inputs[0], inputs[1], y[0]))
            : new Call([x, gradient, origin], [Call.Unwritten(length)], (d, inputs, y) => d.PgdStep(step, inputs[0], inputs[1], inputs[2], y[0]));
        Conformance.Check(Device, call, Tolerance.RelativeTo(3, [.. Enumerable.Repeat(1 + step.Epsilon + Math.Abs(step.Step), length)]));
    }

    private static Operation SgdOf(SgdMomentumStep step) => (d, gradient, state) => d.SgdMomentum(step, gradient[0], state[0], state[1]);

    private static Operation AdamOf(AdamStep step) => (d, gradient, state) => d.Adam(step, gradient[0], state[0], state[1], state[2]);
}
