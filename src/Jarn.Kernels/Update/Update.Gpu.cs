namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(velocity, parameter);
        LaunchOver(UpdateKernels.SgdMomentum, parameter.Length, new SgdMomentumArguments(
            (float)step.LearningRate, (float)step.Momentum, (float)step.WeightDecay, View(gradient), View(parameter), View(velocity)));
    }

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(firstMoment, parameter);
        Require.SameLength(secondMoment, parameter);
        LaunchOver(UpdateKernels.Adam, parameter.Length, new AdamArguments(
            (float)step.CorrectedLearningRate, (float)step.WeightDecay, (float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2,
            (float)(1 - step.Beta2), (float)step.CorrectedEpsilon, View(gradient), View(parameter), View(firstMoment), View(secondMoment)));
    }

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y)
    {
        Require.SameLength(x, y);
        Require.SameLength(gradient, y);
        Require.SameLength(origin, y);
        LaunchOver(UpdateKernels.Pgd, y.Length, new PgdArguments(
            (float)step.Step, (float)step.Epsilon, View(x), View(gradient), View(origin), View(y)));
    }
}
