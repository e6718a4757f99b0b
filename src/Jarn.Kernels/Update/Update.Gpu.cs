namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    [Traffic(reads: 3, writes: 2)]
    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(velocity, parameter);
        LaunchOver(UpdateKernels.SgdMomentum, Fours(parameter), new SgdMomentumArguments(
            (float)step.LearningRate, (float)step.Momentum, (float)step.WeightDecay, Fours(gradient), Fours(parameter), Fours(velocity)));
    }

    [Traffic(reads: 4, writes: 3)]
    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(firstMoment, parameter);
        Require.SameLength(secondMoment, parameter);
        LaunchOver(UpdateKernels.Adam, Fours(parameter), new AdamArguments(
            (float)step.CorrectedLearningRate, (float)step.WeightDecay, (float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2,
            (float)(1 - step.Beta2), (float)step.CorrectedEpsilon, Fours(gradient), Fours(parameter), Fours(firstMoment), Fours(secondMoment)));
    }

    [Traffic(reads: 3, writes: 1)]
    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y)
    {
        Require.SameLength(x, y);
        Require.SameLength(gradient, y);
        Require.SameLength(origin, y);
        LaunchOver(UpdateKernels.Pgd, Fours(y), new PgdArguments(
            (float)step.Step, (float)step.Epsilon, Fours(x), Fours(gradient), Fours(origin), Fours(y)));
    }
}
