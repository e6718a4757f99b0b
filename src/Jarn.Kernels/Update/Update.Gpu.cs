namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void SgdMomentum(in SgdMomentumCall call)
    {
        (SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) = call;
        LaunchOver(UpdateKernels.SgdMomentum, Fours(parameter), new SgdMomentumArguments(
            (float)step.LearningRate, (float)step.Momentum, (float)step.WeightDecay, Fours(gradient), Fours(parameter), Fours(velocity)));
    }

    internal void Adam(in AdamCall call)
    {
        (AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) = call;
        LaunchOver(UpdateKernels.Adam, Fours(parameter), new AdamArguments(
            (float)step.CorrectedLearningRate, (float)step.WeightDecay, (float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2,
            (float)(1 - step.Beta2), (float)step.CorrectedEpsilon, Fours(gradient), Fours(parameter), Fours(firstMoment), Fours(secondMoment)));
    }

    internal void PgdStep(in PgdStepCall call)
    {
        (PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) = call;
        LaunchOver(UpdateKernels.Pgd, Fours(y), new PgdArguments(
            (float)step.Step, (float)step.Epsilon, Fours(x), Fours(gradient), Fours(origin), Fours(y)));
    }
}
